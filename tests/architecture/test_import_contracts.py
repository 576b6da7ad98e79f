"""The import contracts in pyproject.toml work: wildcards match real services, and planted defects are caught."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import FLAT_AND_PURE
from tests.architecture.source_tree import ROOT, service_folders

LINTER = Path(sys.executable).parent / "lint-imports"
FEATURE = ("__init__", "feature", "api", "access", "queries", "projections", "reactions", "post")
MODULES = (
    "services/__init__.py",
    *(
        f"services/{name}/{module}.py"
        for name in ("first", "second")
        for module in ("__init__", "access", "wording", "scoring/__init__", "scoring/rule")
    ),
    *(f"services/first/{feature}/{module}.py" for feature in ("posts", "teams") for module in FEATURE),
    *(f"services/notifications/{module}.py" for module in ("__init__", "notification", "open_letter", "phases", "timing")),
    *(f"shared/{name}/__init__.py" for name in (".", "contracts", "eventlog", "http", "papers", "runtime", "texts")),
    *(f"shared/{name}.py" for name in ("decider", "feature", "http/paging", "identity", "observability", "runtime/service")),
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
        ("services/first/posts/api.py", "import services.second.wording"),
        ("services/first/posts/post.py", "import shared.eventlog"),
        ("services/first/posts/post.py", "import shared.http.paging"),
        ("services/first/posts/post.py", "import httpx2"),
        ("services/first/posts/post.py", "import services.first.posts.queries"),
        ("services/first/posts/post.py", "import services.first.access"),
        ("services/first/posts/queries.py", "import services.first.posts.api"),
        ("services/first/posts/api.py", "import services.first.posts.reactions"),
        ("services/first/posts/projections.py", "import services.first.posts.queries"),
        ("services/notifications/timing.py", "import fastapi"),
        ("services/second/scoring/rule.py", "import asyncpg"),
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


def test_purity_is_followed_through_the_common_ground_of_a_service(tree: Path) -> None:
    (tree / "services/first/wording.py").write_text('"""Planted."""\nimport asyncpg\n')
    (tree / "services/first/posts/post.py").write_text('"""Planted."""\nimport services.first.wording\n')
    run = lint(tree)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "services.first.posts.post" in run.stdout


def test_a_circle_of_features_is_caught(tree: Path) -> None:
    (tree / "services/first/posts/api.py").write_text('"""Planted."""\nimport services.first.teams.queries\n')
    (tree / "services/first/teams/api.py").write_text('"""Planted."""\nimport services.first.posts.queries\n')
    run = lint(tree)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "No cycles are allowed in services.first" in run.stdout


def test_a_circle_in_shared_is_caught(tree: Path) -> None:
    (tree / "shared/http/paging.py").write_text('"""Planted."""\nimport shared.runtime.service\n')
    (tree / "shared/runtime/service.py").write_text('"""Planted."""\nimport shared.http\n')
    run = lint(tree)
    assert run.returncode == 1, run.stdout + run.stderr
    assert "No cycles are allowed in shared" in run.stdout


def test_the_wildcards_match_every_service() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    assert contracts[0]["modules"] == ["services.*"]
    for folder in service_folders():
        assert (folder / "__init__.py").exists(), f"services/{folder.name} needs __init__.py, or the linter does not see it"
    flat = {each for contract in contracts for each in contract.get("source_modules", ()) if each.startswith("services.notifications.")}
    assert {f"{each.replace('.', '/')}.py" for each in flat} == FLAT_AND_PURE
