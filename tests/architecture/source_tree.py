"""The repository's Python files for the structure tests: parsed once, never imported."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def tree(self) -> ast.Module:
        return _parse(self.path)

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.tree) or ""

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def imports(self) -> Iterator[str]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield node.module or ""


@cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sources(*folders: str) -> list[Source]:
    """Every Python file below the folders (all of the project's by default)."""
    paths = sorted(
        path for folder in folders or ("services", "shared", "ops", "tests", "bench", "faults") for path in (ROOT / folder).rglob("*.py")
    )
    return [Source(path, path.read_text(encoding="utf-8")) for path in paths]


def service_folders() -> list[Path]:
    """One folder per service; folders without files do not count."""
    return sorted(folder for folder in (ROOT / "services").iterdir() if folder.is_dir() and any(folder.glob("*.py")))
