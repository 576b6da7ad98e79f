"""The import contracts in pyproject.toml work: wildcards match real services, and planted defects are caught."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT, service_folders

LINTER = Path(sys.executable).parent / "lint-imports"
MODULES = (
    "services/__init__.py",
    *(f"services/{name}/{role}" for name in ("first", "second") for role in ("__init__.py", "domain.py", "api.py", "scoring/__init__.py")),
    *(f"shared/{name}/__init__.py" for name in (".", "contracts", "eventlog", "texts")),
    *(f"shared/{name}.py" for name in ("decider", "identity", "observability")),
)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project with two services that follow the rules."""
    for module in MODULES:
        (tmp_path / module).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / module).write_text('"""Planted."""\n')
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PYTHONPATH": str(tree), "PATH": ""}
    return subprocess.run([LINTER, "--no-cache"], cwd=tree, env=environment, capture_output=True, text=True, check=False)


def test_a_tree_that_keeps_to_the_rules_passes(tree: Path) -> None:
    run = lint(tree)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("services/first/api.py", "import services.second.domain"),
        ("services/first/domain.py", "import shared.eventlog"),
        ("services/first/domain.py", "import httpx2"),
        ("services/second/scoring/__init__.py", "import asyncpg"),
        ("shared/texts/__init__.py", "import services.first"),
        ("shared/contracts/__init__.py", "import shared.decider"),
        ("shared/eventlog/__init__.py", "import shared.identity"),
    ],
)
def test_a_planted_import_is_caught(tree: Path, module: str, line: str) -> None:
    (tree / module).write_text(f'"""Planted."""\n{line}\n')
    run = lint(tree)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "BROKEN" in run.stdout


def test_the_wildcards_match_every_service() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert contracts[0]["modules"] == ["services.*"]
    for folder in service_folders():
        assert (folder / "__init__.py").exists(), f"services/{folder.name} needs __init__.py, or the linter does not see it"
        assert (folder / "domain").is_dir() or (folder / "domain.py").exists(), f"services/{folder.name} has no domain to watch"
