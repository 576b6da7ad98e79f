"""What a feature of a service may consist of: which modules are at the edge, and that every other one is pure.

CONTRIBUTING has the table; pyproject.toml tells import-linter the same list (test_features.py compares them).
"""

import sys
from dataclasses import dataclass
from pathlib import Path

from tests.architecture.source_tree import ROOT, Source, service_folders

# What may touch the world: the entry, reactions, endpoints, SQL. Every other module of a feature is pure.
ROLES = ("feature", "api", "queries", "projections", "reactions")
# Further modules at the edge, by what they are about.
FURTHER_EDGES: tuple[str, ...] = (
    *("access", "addresses", "checks", "correction_requests", "desk", "entries", "keys", "links", "mapping", "naming", "own_copy", "pages"),
    *("paper_names", "papers", "publicity", "rotas", "sheets", "sign_in", "transfer_completion", "transfer_requests"),
)
EDGES = (*ROLES, *FURTHER_EDGES)
# Folders of a service that are no features: pure by nature, or no Python.
NOT_FEATURES = {"scoring", "migrations"}
# A small service stays flat; these of its modules decide.
FLAT_AND_PURE = {f"services/notifications/{name}.py" for name in ("notification", "open_letter", "phases", "timing")}
PURE_MAY_IMPORT = (
    *("pydantic", "dateutil", "shared.calendar", "shared.contracts", "shared.decider", "shared.identifiers", "shared.member_rows"),
    *("shared.privacy.personal_numbers", "shared.privacy.retention"),
    *("icalendar", "pypinyin", "python_calamine", "olefile"),  # compute, and touch nothing
)


@dataclass(frozen=True)
class Folder:
    """One feature folder of a service."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def service(self) -> str:
        return self.path.parent.name

    @property
    def modules(self) -> list[Source]:
        return [Source(path, path.read_text(encoding="utf-8")) for path in sorted(self.path.glob("*.py"))]


def features() -> list[Folder]:
    folders = [folder for service in service_folders() for folder in sorted(service.iterdir())]
    return [Folder(folder) for folder in folders if folder.name not in NOT_FEATURES and any(folder.glob("*.py"))]


def is_edge(source: Source) -> bool:
    return source.path.stem in EDGES


def is_pure(source: Source) -> bool:
    """Whether it decides: a module inside a folder of a service that is no edge, or one of a flat service."""
    parts = source.name.split("/")
    return source.name in FLAT_AND_PURE or (
        parts[0] == "services" and len(parts) > len(("services", "name", "module.py")) and not is_edge(source)
    )


def may_import(source: Source, name: str) -> bool:
    """Standard library, what is pure in shared, and what is pure in the own service (whose imports import-linter follows)."""
    service = source.name.split("/")[1]
    if name == f"services.{service}" or name.startswith(f"services.{service}."):
        return name.rpartition(".")[2] not in EDGES
    return name.split(".", maxsplit=1)[0] in sys.stdlib_module_names or any(
        name == each or name.startswith(f"{each}.") for each in PURE_MAY_IMPORT
    )
