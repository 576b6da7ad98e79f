"""No pattern over text from outside takes more than linear time: each is run against growing hostile text made of its own signs.

A quadratic pattern stood still for 77 seconds over 100,000 opening brackets. Where time is measured, a pattern has several tries.
"""

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from re import _constants as kinds
from re import _parser as parser
from typing import Any

import pytest

import services
import shared
from tests.architecture.source_tree import sources

LARGEST = 64_000
GROWTH = 8  # times as much text
TOLERATED = 3.0  # linear is 1, quadratic is 8
WORTH_MEASURING = 0.02  # seconds
TRIES = 4


EVERY_WAY = frozenset({"search", "finditer", "findall", "sub", "subn", "split"})
FROM_THE_START = frozenset({"match", "fullmatch"})


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and whether it is only tried at the start of a text and not at every place of it."""

    place: str
    pattern: re.Pattern[Any]
    is_from_the_start: bool


def patterns() -> Iterator[Used]:
    """Compiled patterns of every module, and literal ones in calls of `re`."""
    trees = [(source, ast.parse(source.text)) for source in sources("services", "shared")]
    ways: dict[str, set[str]] = {}
    for _, tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in EVERY_WAY | FROM_THE_START and isinstance(node.value, ast.Name):
                ways.setdefault(node.value.id, set()).add(node.attr)
    seen: set[int] = set()
    for package in (services, shared):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                for name, value in vars(importlib.import_module(module.name)).items():
                    for each in value if isinstance(value, tuple | list) else (value,):
                        if isinstance(each, re.Pattern) and id(each) not in seen:
                            seen.add(id(each))
                            used = ways.get(name, set())
                            yield Used(f"{module.name}.{name}", each, bool(used) and used <= FROM_THE_START)
    for source, tree in trees:
        for node in ast.walk(tree):
            literal = _literal(node)
            if literal is not None:
                yield Used(f"{source.name}:{node.lineno}", re.compile(literal), node.func.attr in FROM_THE_START)


def _literal(node: ast.AST) -> str | bytes | None:
    is_re = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re" and node.args
    is_used = is_re and node.func.attr in EVERY_WAY | FROM_THE_START
    return node.args[0].value if is_used and isinstance(node.args[0], ast.Constant) else None


def signs(tree: Any) -> list[str]:
    """Signs that the pattern looks for, one of every class."""
    found: list[str] = []
    for kind, value in tree:
        match kind:
            case kinds.LITERAL:
                found.append(chr(value))
            case kinds.NOT_LITERAL | kinds.ANY:
                found.append("a")
            case kinds.IN:
                found += _of_class(value)
            case kinds.BRANCH:
                found += [sign for each in value[1] for sign in signs(each)]
            case kinds.SUBPATTERN:
                found += signs(value[3])
            case kinds.MAX_REPEAT | kinds.MIN_REPEAT | kinds.POSSESSIVE_REPEAT:
                found += signs(value[2])
            case kinds.ASSERT | kinds.ASSERT_NOT:
                found += signs(value[1])
            case kinds.ATOMIC_GROUP:
                found += signs(value)
            case _:
                pass
    return found


def _of_class(members: Any) -> list[str]:
    usual = {kinds.CATEGORY_DIGIT: "1", kinds.CATEGORY_SPACE: " ", kinds.CATEGORY_WORD: "a"}
    found = ["a"] if members[0][0] is kinds.NEGATE else []
    for kind, value in members:
        match kind:
            case kinds.LITERAL:
                found.append(chr(value))
            case kinds.RANGE:
                found.append(chr(value[0]))
            case kinds.CATEGORY:
                found.append(usual.get(value, "-"))
            case _:
                pass
    return found


def hostile(pattern: re.Pattern[Any]) -> list[str]:
    """Short texts to repeat: each sign, each beginning of what the pattern looks for, pairs of neighbours."""
    looked_for = signs(parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags))
    ones = list(dict.fromkeys(looked_for))[:20]
    beginnings = ["".join(looked_for[:length]) for length in range(2, min(len(looked_for), 12) + 1)]
    return list(dict.fromkeys([*ones, *beginnings, *("".join(pair) for pair in pairwise(ones)), "a", "1", " ", "(", "<"]))


def seconds(used: Used, unit: str, length: int) -> float:
    """Processor time over `unit` again and again, with a sign behind it that fits nowhere."""
    text: Any = (unit * (length // len(unit) + 1))[:length] + "\x7f"
    if isinstance(used.pattern.pattern, bytes):
        text = text.encode()
    began = time.thread_time()
    if not used.is_from_the_start:
        for _ in used.pattern.finditer(text):
            pass
    used.pattern.match(text)
    used.pattern.fullmatch(text)
    return time.thread_time() - began


def grows_too_fast(used: Used, unit: str) -> bool:
    """Whether `GROWTH` times the text takes much more than `GROWTH` times the time, in every try."""
    length = 250
    while length < LARGEST and seconds(used, unit, length) < WORTH_MEASURING:
        length *= 2
    if length >= LARGEST:
        return False
    small = length // GROWTH
    return all(seconds(used, unit, length) > TOLERATED * GROWTH * min(seconds(used, unit, small) for _ in range(3)) for _ in range(TRIES))


FOUND = list(patterns())


@pytest.mark.parametrize("used", FOUND, ids=[used.place for used in FOUND])
def test_no_pattern_takes_more_than_linear_time(used: Used) -> None:
    slow = [unit for unit in hostile(used.pattern) if grows_too_fast(used, unit)]
    assert not slow, f"{used.place} takes more than linear time over repeated {slow[:3]}: {str(used.pattern.pattern)[:100]}"


@pytest.mark.parametrize("planted", [r"\(.*?\)", r"<.*?>", r"\s+$", r"a*b"])
def test_a_slow_pattern_is_found(planted: str) -> None:
    used = Used("here", re.compile(planted), is_from_the_start=False)
    assert any(grows_too_fast(used, unit) for unit in hostile(used.pattern)), planted


def test_patterns_are_found_where_they_are() -> None:
    assert len(FOUND) > 20
    assert any(used.place.endswith("personal_numbers._NUMBER_OF_A_PERSON") for used in FOUND)
    assert any(not used.is_from_the_start for used in FOUND)
