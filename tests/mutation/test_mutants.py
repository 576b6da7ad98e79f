"""Mutants: found in the source, sampled by a seed, planted in live functions however they were imported; tests then notice them or not."""

import ast
import os
from collections.abc import Callable

import pytest

from mutation.command import counted, deciding_modules, rate
from mutation.mutants import CannotBePlanted, Mutant, mutants, plant, sampled, shown
from mutation.operators import changes
from tests.mutation import planted
from tests.mutation.planted import IS_SMALL, Table, seated

PATH = "tests/mutation/planted.py"
FUNCTION = ast.parse("def decide(command, state) -> tuple[Event, ...]: ...").body[0]


def said(source: str) -> list[str]:
    """Each change of a statement, as source."""
    tree = ast.parse(source)
    return [
        f"{change}: {ast.unparse(ast.fix_missing_locations(made()))}" for node in ast.walk(tree) for change, made in changes(node, FUNCTION)
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a < b", ["a <= b"]),
        ("a is None", ["a is not None"]),
        ("a in b", ["a not in b"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("a | b", ["a"]),
        ("a - b", ["a + b"]),
        ("x = f(flag=True)", ["False"]),
        ("a[0]", ["1"]),
        ("a if b else c", ["c if b else a"]),
        ("x = min(a, b)", ["max(a, b)"]),
        ("raise Refused", ["pass"]),
        ("return (Event(),)", ["return ()"]),
        ("return ()", []),
        ("assert_never(command)", []),
        ("'a text'", []),
        ("check(a)", ["pass"]),
    ],
)
def test_each_kind_of_defect(source: str, expected: list[str]) -> None:
    assert [each.rpartition(": ")[2] for each in said(source)] == expected


def test_replace_loses_one_field_at_a_time() -> None:
    assert [each.rpartition(": ")[2] for each in said("x = replace(state, a=b, c=d)")] == ["replace(state, c=d)", "replace(state, a=b)"]


def test_filters_and_guards_are_left_out() -> None:
    assert len(said("x = [each for each in them if each.is_well]")) == 1
    assert len(said("match a:\n    case B() if c:\n        pass")) == 1


def in_a_child(check: Callable[[], bool]) -> bool:
    """What `check` says in a forked process, where a mutant may be planted."""
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if check() else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(pid, 0)
    assert os.WEXITSTATUS(status) in (0, 1)
    return os.WEXITSTATUS(status) == 0


def named(words: str) -> Mutant:
    (found,) = [each for each in mutants(PATH) if words in each.name]
    return found


@pytest.mark.parametrize(
    ("words", "holds"),
    [
        ("is_full: other comparison", lambda: Table(8).is_full),
        ("max instead of min", lambda: seated(Table(7), [3]) == 1),
        ("without the filter", lambda: seated(Table(0), [2, -1]) == 2),
        ("or instead of and", lambda: not IS_SMALL(0)),
        ("inner: other comparison than in number <= limit", lambda: IS_SMALL(3)),
    ],
)
def test_a_planted_mutant_changes_what_live_functions_do(words: str, holds: Callable[[], bool]) -> None:
    mutant = named(words)
    assert holds()
    assert not in_a_child(lambda: plant(mutant) is None and holds())
    assert holds(), "the parent is as before"
    assert planted.seated is seated


def test_the_sample_is_the_same_for_the_same_seed() -> None:
    found = mutants(PATH)
    assert sampled(found, 5, 7) == sampled(list(reversed(found)), 5, 7) != sampled(found, 5, 8)
    assert sampled(found, 10_000, 7) == sorted(found)
    assert len({each.name for each in found}) == len(found)


def test_a_mutant_is_shown_as_a_diff() -> None:
    diff = shown(named("max instead of min"))
    assert "-    return min(wanted, SEATS - table.guests)" in diff
    assert "+    return max(wanted, SEATS - table.guests)" in diff


def test_what_is_not_there_cannot_be_planted() -> None:
    mutant = named("max instead of min")
    gone = Mutant(mutant.path, 10_000, mutant.function, mutant.line, mutant.change, 0)
    with pytest.raises(CannotBePlanted):
        plant(gone)


def test_every_module_that_decides_has_mutants() -> None:
    for service in ("registration", "activities", "evaluation"):
        assert sum(len(mutants(path)) for path in deciding_modules(service)) >= 400


def test_the_rate_leaves_out_what_could_not_be_planted() -> None:
    counts = {"killed": 9, "survived": 1, "not planted": 5}
    assert (counted(counts), rate(counts)) == (10, 0.9)
