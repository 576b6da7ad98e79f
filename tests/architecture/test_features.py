"""The shape of a feature: roles, purity, sizes, and that the service lists it. CONTRIBUTING has the table; a message tells what to do."""

import ast
import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import EDGES, ROLES, Folder, features, is_edge, is_pure, may_import
from tests.architecture.source_tree import ROOT, Source, service_folders, sources

ROLE_FOLDERS = {"api", "domain", "queries", "projections", "handlers"}
FILES, SHARE, PASSPORT_LINES = 16, 4, 10
SQL = re.compile(r"\s*(select|insert|update|delete|with)\b", re.IGNORECASE)
KEYWORDS = re.compile(
    r"\b(select|insert|into|update|delete|from|where|with|values|returning|order by|group by|join|and|or|not|null|on conflict)\b"
)
RUFF = Path(sys.executable).parent / "ruff"


FEATURE = pytest.mark.parametrize("feature", features(), ids=lambda feature: feature.name.removeprefix("services/"))


@pytest.mark.parametrize("folder", service_folders(), ids=lambda folder: folder.name)
def test_no_folder_is_named_after_a_role(folder: Path) -> None:
    roles = ROLE_FOLDERS & {path.name for path in folder.iterdir() if path.is_dir()}
    assert not roles, f"services/{folder.name}: cut {sorted(roles)} by feature; inside a feature the role is the file's name"


@FEATURE
def test_a_feature_is_listed_in_its_service(feature: Folder) -> None:
    if not {"feature", "api", "projections", "reactions"} & {each.path.stem for each in feature.modules}:
        return  # offers nothing of its own: what several features calculate with
    listed = {each.name for each in importlib.import_module(f"services.{feature.service}.app").FEATURES}
    assert feature.path.name in listed, f"add {feature.name} to FEATURES in services/{feature.service}/app.py, with a feature.py of its own"


@pytest.mark.parametrize("folder", service_folders(), ids=lambda folder: folder.name)
def test_what_a_service_lists_is_a_folder_of_it(folder: Path) -> None:
    listed = {each.name for each in importlib.import_module(f"services.{folder.name}.app").FEATURES}
    flat = {folder.name}  # a small service is one feature without a folder
    missing = {name for name in listed - flat if not (folder / name / "feature.py").exists()}
    assert not missing, f"services/{folder.name}/app.py lists {sorted(missing)}, but there is no such folder with a feature.py"


@FEATURE
def test_a_feature_stays_small(feature: Folder) -> None:
    own, whole = sum(each.lines for each in feature.modules), sum(each.lines for each in sources(f"services/{feature.service}"))
    assert len(feature.modules) <= FILES, f"{feature.name}: {len(feature.modules)} Python files; this is more than one feature"
    assert own * SHARE <= whole, f"{feature.name}: {own} of {whole} lines of its service; this is more than one feature"


@FEATURE
def test_a_feature_says_what_it_is(feature: Folder) -> None:
    init = Source(feature.path / "__init__.py", (feature.path / "__init__.py").read_text(encoding="utf-8"))
    assert init.docstring, f"{feature.name}/__init__.py: what the feature is, its streams, its invariant"
    assert init.lines <= PASSPORT_LINES, f"{feature.name}/__init__.py: at most {PASSPORT_LINES} lines"
    assert len(init.tree.body) == 1, f"{feature.name}/__init__.py: a docstring and no code; nobody imports through it"


@FEATURE
def test_no_role_has_a_prefix(feature: Folder) -> None:
    prefixed = [each.path.name for each in feature.modules if re.search(rf"_({'|'.join(ROLES)})$", each.path.stem)]
    assert not prefixed, f"{feature.name}: {prefixed} say that this folder holds two features; cut it"


def test_what_decides_is_pure() -> None:
    impure = [
        f"{source.name} imports {name}"
        for source in sources("services")
        if is_pure(source)
        for name in source.imports()
        if not may_import(source, name)
    ]
    assert not impure, "time, ids and outside facts arrive in commands; endpoints and SQL have modules of their own:\n" + "\n".join(impure)


@FEATURE
@pytest.mark.parametrize(
    "line", ["import asyncpg", "from shared.http.endpoints import Call", "import shared.eventlog.log", "from fastapi import Query"]
)
def test_a_planted_import_is_seen_in_every_feature(feature: Folder, line: str) -> None:
    planted = Source(feature.path / "planted.py", f'"""Planted."""\n{line}\n')
    imports = [name for node in ast.walk(ast.parse(planted.text)) for name in named_by(node)]
    assert not is_edge(planted)
    assert any(not may_import(planted, name) for name in imports)


def named_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


@FEATURE
@pytest.mark.parametrize("module", ["planted", "projections", "reactions"])
def test_a_planted_clock_is_seen_in_every_feature(feature: Folder, module: str) -> None:
    code = '"""Planted."""\n\nfrom datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n'
    command = [RUFF, "check", "--select", "TID251", "--stdin-filename", feature.path / f"{module}.py", "-"]
    run = subprocess.run(command, cwd=ROOT, input=code, capture_output=True, text=True, check=False)
    assert "TID251" in run.stdout, f"ruff lets {feature.name}/{module}.py read the clock: {run.stdout}{run.stderr}"


def test_import_linter_knows_the_same_edges() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    pure = next(each for each in contracts if each["name"].startswith("What decides"))
    assert {each.split(" ")[0].rpartition(".")[2] for each in pure["ignore_imports"]} == set(EDGES)


def statements() -> list[tuple[str, str]]:
    """SQL in the services' Python: place and text, f-strings with their holes empty."""
    found = list[tuple[str, str]]()
    for source in sources("services"):
        inner = {id(part) for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(source.tree):
            text = None
            if isinstance(node, ast.JoinedStr):
                text = "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
                text = node.value
            if text is not None and SQL.match(text) and len(text.split()) > 3 and re.search(r"(?i)\b(from|into|set)\b", text):
                found.append((f"{source.name}:{node.lineno}", text))
    return found


def test_sql_is_written_in_upper_case_keywords() -> None:
    lower = [place for place, text in statements() if KEYWORDS.search(re.sub(r"'[^']*'|--.*", "", text))]
    assert not lower, f"write SQL keywords in upper case: {lower}"


def test_every_statement_names_its_district() -> None:
    silent = [place for place, text in statements() if "district" not in text and "…" not in text]
    assert not silent, f"name the district in the statement ($1); row-level security is only the second wall: {silent}"


def test_every_match_says_what_happens_otherwise() -> None:
    open_ended = [
        f"{source.name}:{node.lineno}"
        for source in sources("services")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Match) and not is_irrefutable(node.cases[-1])
    ]
    assert not open_ended, f"end these with `case _:`, over a closed union with `assert_never`: {open_ended}"


def is_irrefutable(case: ast.match_case) -> bool:
    return isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None and case.guard is None
