"""The mutants of a module: found in its source, sampled by a seed, and planted in a running process by replacing the code of functions.

Invariant: a mutant is planted in a child process only, so that nothing has to be undone.
"""

import ast
import difflib
import gc
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final

from mutation.operators import Change, changes

ROOT: Final = Path(__file__).parents[1]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One defect: the `number`-th that can be planted in the module at `path` (relative to the root)."""

    path: str
    number: int
    function: str
    line: int
    change: str
    same: int  # how many changes of the same words in the same function come before

    @property
    def name(self) -> str:
        """Stable as long as the function says the same: other functions may move."""
        return f"{self.path}::{self.function}: {self.change}" + (f" ({self.same + 1})" if self.same else "")


class CannotBePlanted(Exception):
    """No live function has the code of the mutant."""


def mutants(path: str) -> list[Mutant]:
    """All mutants of a module, in the order of the source."""
    found: list[Mutant] = []
    same: Counter[tuple[str, str]] = Counter()
    for number, (qualname, node, (change, _)) in enumerate(_sites(_parsed(path))):
        found.append(Mutant(path, number, qualname, getattr(node, "lineno", 0) or 0, change, same[qualname, change]))
        same[qualname, change] += 1
    return found


def sampled(found: Sequence[Mutant], size: int, seed: int) -> list[Mutant]:
    """At most `size` of them, the same for the same seed."""
    return sorted(random.Random(seed).sample(sorted(found), min(size, len(found))))


def mutated(mutant: Mutant) -> ast.Module:
    """The module with the defect."""
    tree = _parsed(mutant.path)
    for number, (_, node, (_, made)) in enumerate(_sites(tree)):
        if number == mutant.number:
            _Replacing(node, made()).visit(tree)
            return ast.fix_missing_locations(tree)
    raise CannotBePlanted(mutant.name)


def shown(mutant: Mutant) -> str:
    """The mutant as a diff."""
    before, after = (ast.unparse(tree).splitlines(keepends=True) for tree in (_parsed(mutant.path), mutated(mutant)))
    return "".join(difflib.unified_diff(before, after, mutant.path, "mutant", n=3))


def plant(mutant: Mutant) -> None:
    """Give every live function of the module the mutant's code. Raises CannotBePlanted when none differs from what it was."""
    file = str(ROOT / mutant.path)
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(compile(mutated(mutant), file, "exec"))}
    has_changed = False
    for function in [each for each in gc.get_objects() if isinstance(each, FunctionType) and each.__code__.co_filename == file]:
        code = codes.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if code is not None and code != function.__code__ and code.co_freevars == function.__code__.co_freevars:
            function.__code__ = code
            has_changed = True
    if not has_changed:
        raise CannotBePlanted(mutant.name)


def _parsed(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def _codes(code: CodeType) -> Iterator[CodeType]:
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield each
            yield from _codes(each)


def _sites(tree: ast.Module) -> Iterator[tuple[str, ast.AST, Change]]:
    for qualname, function in _functions(tree, ""):
        for node in _inside(function.body):
            for change in changes(node, function):
                yield qualname, node, change


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield f"{prefix}{child.name}", child
            yield from _functions(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        else:
            yield from _functions(child, prefix)


def _inside(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a function in order, without annotations and without functions inside it, which have their own turn."""
    for node in nodes:
        if isinstance(node, Function | ast.ClassDef):
            continue
        yield node
        without = {"annotation", "returns", "type_comment"} | ({"exc"} if isinstance(node, ast.Raise) else set[str]())
        for name, value in ast.iter_fields(node):
            if name not in without:
                yield from _inside([each for each in (value if isinstance(value, list) else [value]) if isinstance(each, ast.AST)])


class _Replacing(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old = old
        self._new = new

    def visit(self, node: ast.AST) -> ast.AST:
        if node is self._old:
            return ast.copy_location(self._new, node)
        return self.generic_visit(node)
