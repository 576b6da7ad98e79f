"""`./guangcai spec`: writes JSON Schema and one golden sample per event, AsyncAPI and OpenAPI per service.

Invariant: what an existing schema accepts never changes. Optional fields added later give a revision beside it (…v1-2.schema.json);
titles and descriptions are words about it and are rewritten in place. docs/contracts/index.json maps each type to its files.
"""

import argparse
import importlib
import json
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import services
from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from shared.runtime.definition import ServiceDefinition
from shared.runtime.operations import asyncapi
from shared.runtime.service import build_app
from shared.runtime.settings import Settings
from shared.testing.compatibility import compare
from shared.testing.samples import sample

ROOT = Path(__file__).parents[1]
CONTRACTS = ROOT / "docs" / "contracts"
API = ROOT / "docs" / "api"
INDEX = CONTRACTS / "index.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"
WORDS = frozenset({"title", "description"})
NAMES = frozenset({"properties", "$defs"})  # keywords whose keys are names, not keywords

RECIPE = """\
{name} is published and its schema changed.
{verdict}
Published versions never change, because events of that version are in the logs for ever. Either
  - undo the change, or
  - add only optional fields with a default that says what the past meant (then both verdicts are yes), and run ./guangcai spec, or
  - leave {name} as it is, write class {stem}V{next} with VERSION = {next} beside it, an upcaster for readers, and run ./guangcai spec.
Before the first release, with no events of it stored: ./guangcai spec --overwrite
"""


class SchemaChanged(Exception):
    """A published schema would have to be edited; the message says what to do instead."""


@dataclass(frozen=True, slots=True)
class Published:
    """The files of one (type, version)."""

    event: type[Event]
    folder: Path

    @property
    def stem(self) -> str:
        return f"{self.event.TYPE.rpartition('.')[2]}.v{self.event.VERSION}"

    def revisions(self) -> list[Path]:
        """Schema files, oldest first: PostClaimed.v1.schema.json, PostClaimed.v1-2.schema.json, …"""
        later = sorted(self.folder.glob(f"{self.stem}-*.schema.json"), key=lambda path: int(path.name.split("-")[1].split(".")[0]))
        first = self.folder / f"{self.stem}.schema.json"
        return [first, *later] if first.exists() else []

    def samples(self) -> list[Path]:
        return [path.with_name(path.name.replace(".schema.", ".sample.")) for path in self.revisions()]

    def next_revision(self) -> Path:
        number = len(self.revisions()) + 1
        return self.folder / f"{self.stem}{f'-{number}' if number > 1 else ''}.schema.json"


def published(event: type[Event], root: Path = CONTRACTS) -> Published:
    return Published(event, root / event.service())


def schema(event: type[Event], revision: Path) -> dict[str, Any]:
    """What readers of this event expect, as the file `revision` says it."""
    name = revision.name.removesuffix(".schema.json").replace(".", ":")
    return event.model_json_schema() | {"$schema": DIALECT, "$id": f"urn:guangcai:{event.service()}:{name}"}


def without_words(content: Any, *, is_schema: bool = True) -> Any:
    """The schema without titles and descriptions, which no validator looks at; properties may be called so."""
    match content:
        case dict():
            entries = cast("dict[str, Any]", content).items()
            kept = {name: each for name, each in entries if not (is_schema and name in WORDS)}
            return {name: without_words(each, is_schema=not (is_schema and name in NAMES)) for name, each in kept.items()}
        case list():
            return [without_words(each) for each in cast("list[Any]", content)]
        case _:
            return content


def write_contract(event: type[Event], root: Path = CONTRACTS, *, overwrite: bool = False) -> list[Path]:
    """Write missing schemas and samples; returns the files written. Raises SchemaChanged when a published one would have to change."""
    files = published(event, root)
    revisions = files.revisions()
    if overwrite:
        for path in (*revisions, *files.samples()):
            path.unlink(missing_ok=True)
    elif revisions:
        latest, today = read(revisions[-1]), schema(event, revisions[-1])
        if without_words(latest) == without_words(today):
            if is_outdated(revisions[-1], today):
                write(revisions[-1], today)
                return [revisions[-1]]
            return []
        verdict = compare(latest, today)
        if not verdict.is_full:
            raise SchemaChanged(
                RECIPE.format(name=event.type_name(), verdict=verdict, stem=event.TYPE.rpartition(".")[2], next=event.VERSION + 1)
            )
    target = files.next_revision()
    example = target.with_name(target.name.replace(".schema.", ".sample."))
    write(target, schema(event, target))
    write(example, sample(event).model_dump(mode="json"))
    return [target, example]


def index(root: Path = CONTRACTS) -> dict[str, Any]:
    """Type and version → its newest schema and sample, and older revisions, as paths relative to docs/contracts."""
    entries: dict[str, Any] = {}
    for event in published_events():
        files = published(event, root)
        *earlier, newest = [path.relative_to(root).as_posix() for path in files.revisions()]
        entries[event.type_name()] = {"schema": newest, "sample": newest.replace(".schema.", ".sample.")}
        if earlier:
            entries[event.type_name()]["revisions"] = [*earlier, newest]
    return entries


def definitions() -> Iterator[ServiceDefinition]:
    """Every service that has an application."""
    for module in pkgutil.iter_modules(services.__path__):
        if (Path(services.__path__[0]) / module.name / "app.py").exists():
            yield importlib.import_module(f"services.{module.name}.app").SERVICE


def documents(definition: ServiceDefinition) -> dict[Path, Mapping[str, Any]]:
    """The API documents of one service, by path."""
    settings = Settings.model_validate({"database_url": "postgresql://localhost/guangcai", "token_public_key": "unused"})
    app = build_app(definition, settings)
    return {
        API / f"{definition.name}.openapi.json": app.openapi(),
        API / f"{definition.name}.asyncapi.json": asyncapi(definition).to_specification().to_jsonable(),
    }


def render(content: Mapping[str, Any]) -> str:
    """JSON with sorted keys, because the order of FastStream's messages varies."""
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def write(path: Path, content: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(content), encoding="utf-8")


def is_outdated(path: Path, content: Mapping[str, Any]) -> bool:
    return not path.exists() or path.read_text(encoding="utf-8") != render(content)


def main(argv: list[str] | None = None) -> int:
    """Write missing and outdated documents; returns 1 when a published contract would have to be edited."""
    parser = argparse.ArgumentParser(prog="guangcai spec", description="Write event schemas, golden samples and API documents to docs/.")
    parser.add_argument("--overwrite", action="store_true", help="replace contracts: only before their first release")
    options = parser.parse_args(sys.argv[1:] if argv is None else argv)
    written: list[Path] = []
    problems: list[str] = []
    for event in published_events():
        try:
            written += write_contract(event, overwrite=options.overwrite)
        except SchemaChanged as changed:
            problems.append(str(changed))
    if not problems and is_outdated(INDEX, index()):
        write(INDEX, index())
        written.append(INDEX)
    for definition in definitions():
        for path, content in documents(definition).items():
            if is_outdated(path, content):
                write(path, content)
                written.append(path)
    for path in written:
        print(f"wrote {path.relative_to(ROOT)}")
    for problem in problems:
        print(problem, file=sys.stderr)
    if not written and not problems:
        print("docs/contracts and docs/api are up to date")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
