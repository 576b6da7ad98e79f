"""The event contracts stay compatible: schemas and samples in docs/contracts are never edited, and today's code reads all of them."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, create_model

from ops import spec
from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from shared.contracts.notifications import NotificationQueued
from shared.testing.compatibility import compare, objections
from shared.testing.samples import sample

EVENTS = published_events()
EVENT = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name())


@EVENT
def test_every_event_is_written_down(event: type[Event]) -> None:
    files = spec.published(event)
    assert files.revisions(), f"{event.type_name()} is new: run ./guangcai spec and commit docs/contracts"
    assert all(path.exists() for path in files.samples()), f"{event.type_name()} lacks its sample: run ./guangcai spec"


@EVENT
def test_a_published_schema_never_changes(event: type[Event], tmp_path: Path) -> None:
    revisions = spec.published(event).revisions()
    assert revisions, "run ./guangcai spec"
    latest, today = spec.read(revisions[-1]), spec.schema(event, revisions[-1])
    if spec.without_words(latest) == spec.without_words(today):
        return
    verdict = compare(latest, today)
    assert verdict.is_full, spec.RECIPE.format(
        name=event.type_name(), verdict=verdict, stem=event.TYPE.rpartition(".")[2], next=event.VERSION + 1
    )
    pytest.fail(f"{event.type_name()} has new optional fields: run ./guangcai spec, which writes a revision beside the published schema")


@EVENT
def test_later_revisions_only_add_optional_fields(event: type[Event]) -> None:
    schemas = [spec.read(path) for path in spec.published(event).revisions()]
    for old, new in pairwise(schemas):
        assert compare(old, new).is_full


@EVENT
def test_every_golden_sample_is_still_read(event: type[Event]) -> None:
    for path in spec.published(event).samples():
        golden = spec.read(path)
        read = event.model_validate(golden)
        again = json.loads(read.model_dump_json())
        assert golden.items() <= again.items(), f"{path.name}: reading and writing it changes it"


@EVENT
def test_the_made_sample_fills_every_field_and_survives_json(event: type[Event]) -> None:
    made = sample(event)
    assert None not in made.model_dump().values()
    assert event.model_validate_json(made.model_dump_json()) == made
    assert sample(event) == made


@EVENT
def test_an_unknown_field_is_ignored(event: type[Event]) -> None:
    """Older readers survive newer writers."""
    newer = json.loads(sample(event).model_dump_json()) | {"field_of_tomorrow": 1}
    assert event.model_validate(newer) == sample(event)


def test_no_file_is_left_over() -> None:
    known = {path for event in EVENTS for path in (*spec.published(event).revisions(), *spec.published(event).samples())} | {spec.INDEX}
    found = set(spec.CONTRACTS.rglob("*.json"))
    orphans = sorted(path.relative_to(spec.ROOT).as_posix() for path in found - known)
    assert not orphans, f"these events are in the logs for ever, so their classes must stay too: {orphans}"


def test_the_index_names_the_files_of_every_type() -> None:
    assert spec.read(spec.INDEX) == spec.index(), "run ./guangcai spec and commit docs/contracts"
    assert set(spec.index()) == {event.type_name() for event in EVENTS}


def test_every_schema_names_its_dialect_and_itself() -> None:
    schemas = [spec.read(path) for path in spec.CONTRACTS.rglob("*.schema.json")]
    assert {each["$schema"] for each in schemas} == {spec.DIALECT}
    assert len({each["$id"] for each in schemas}) == len(schemas)


def test_nothing_is_released_yet_so_every_type_is_at_version_1() -> None:
    assert {event.VERSION for event in EVENTS} == {1}
    assert all(len(spec.published(event).revisions()) == 1 for event in EVENTS)


class Planted(BaseModel):
    """An event whose type and version was published before with other fields."""

    member_id: UUID
    minutes: int
    note: str | None = None


def changed(**fields: Any) -> dict[str, Any]:
    definition: dict[str, Any] = {name: (info.annotation, info.default) for name, info in Planted.model_fields.items()}
    return create_model("Planted", **definition | fields).model_json_schema()


OLD = changed()


def test_an_added_optional_field_is_compatible() -> None:
    assert compare(OLD, changed(place=(str | None, None))).is_full


def test_an_added_required_field_breaks_old_events() -> None:
    verdict = compare(OLD, changed(place=(str, ...)))
    assert verdict.backward == ("data.place: required, but not always written",)
    assert not verdict.forward


def test_a_removed_required_field_breaks_old_readers() -> None:
    without = {**OLD, "properties": {"note": OLD["properties"]["note"]}, "required": []}
    verdict = compare(OLD, without)
    assert not verdict.backward
    assert len(verdict.forward) == 2


def test_a_changed_type_breaks_both() -> None:
    verdict = compare(OLD, changed(minutes=(str, ...)))
    assert verdict.backward
    assert verdict.forward
    assert "BACKWARD (new code reads old events): NO" in str(verdict)


def test_an_added_choice_breaks_old_readers_only() -> None:
    two = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["A", "B"]}}, "required": ["kind"]}
    three = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["A", "B", "C"]}}, "required": ["kind"]}
    verdict = compare(two, three)
    assert not verdict.backward
    assert verdict.forward == ("data.kind: cannot read ['C']",)


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_limit_may_widen_for_readers_and_narrow_for_writers(reader: int, writer: int) -> None:
    wide, narrow = ({"type": "string", "maxLength": limit} for limit in (reader, writer))
    assert bool(objections(wide, narrow)) is (writer > reader)


def test_a_published_schema_is_not_overwritten(tmp_path: Path) -> None:
    written = spec.write_contract(NotificationQueued, tmp_path)
    assert [path.name for path in written] == ["NotificationQueued.v1.schema.json", "NotificationQueued.v1.sample.json"]
    assert spec.write_contract(NotificationQueued, tmp_path) == []
    edited = spec.read(written[0])
    edited["required"] = [*edited["required"], "gone"]
    edited["properties"]["gone"] = {"type": "string"}
    written[0].write_text(json.dumps(edited))
    with pytest.raises(spec.SchemaChanged, match=r"write class NotificationQueuedV2 with VERSION = 2"):
        spec.write_contract(NotificationQueued, tmp_path)


class PlantedForSpec(Event):
    """Published without `place`, which came later as an optional field."""

    TYPE: ClassVar[str] = "guangcai.planted.PlantedForSpec"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    place: str = ""


def test_other_words_about_a_contract_are_no_other_contract(tmp_path: Path) -> None:
    path, _ = spec.write_contract(PlantedForSpec, tmp_path)
    earlier = spec.read(path)
    earlier["description"] = "What it said before."
    earlier["properties"]["member_id"]["description"] = "Whose it is."
    path.write_text(json.dumps(earlier))
    assert spec.without_words(earlier) == spec.without_words(spec.schema(PlantedForSpec, path))
    assert spec.write_contract(PlantedForSpec, tmp_path) == [path], "the words are written anew in place"
    assert spec.read(path) == spec.schema(PlantedForSpec, path)


def test_fields_called_title_or_description_are_part_of_the_contract() -> None:
    fields: dict[str, Any] = {"title": (str, ...), "description": (str, "")}
    assert set(spec.without_words(create_model("Named", **fields).model_json_schema())["properties"]) == set(fields)


def test_an_optional_field_makes_a_revision_beside_the_published_schema(tmp_path: Path) -> None:
    first, _ = spec.write_contract(PlantedForSpec, tmp_path)
    before = spec.read(first)
    del before["properties"]["place"]
    first.write_text(json.dumps(before))
    revision, example = spec.write_contract(PlantedForSpec, tmp_path)
    assert revision.name == "PlantedForSpec.v1-2.schema.json"
    assert example.name == "PlantedForSpec.v1-2.sample.json"
    assert spec.read(first) == before
    assert spec.write_contract(PlantedForSpec, tmp_path) == []
