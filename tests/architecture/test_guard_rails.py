"""Data that this product must not be able to store (domain guide, G1-G3, G8, G9, G14, and personal data outside registration).

The lint reads field and column names, because a field that does not exist cannot be filled. A planted defect checks each rule.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

import pytest
from pydantic import BaseModel

from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from tests.architecture.source_tree import ROOT, sources

FORBIDDEN = {
    "G1 only programme activity counts": "religion religious petition petitions credit ethnicity ethnic marital spouse family household",
    "G2 no surveillance of private life": "location gps latitude longitude lat lon geo track trajectory facial biometric fingerprint chat",
    "G3 no tracking of opinions": "thought thoughts thinking ideology attitude mood living conditions belief beliefs stance loyalty",
    "G8 no buying of points": "money donation donated likes logins reposts installs paid price",
    "G9 no rankings": "rank ranking ranked leaderboard percentile",
    "G14 beneficiaries and minors": "photo photos picture guardian children",
}
NO_COLUMNS = frozenset(["primary", "unique", "constraint", "check", "foreign"])
PERSONAL = frozenset(["phone", "mobile", "email", "citizen", "birth", "birthday", "birthdate", "address", "surname", "idcard"])
ON_PERSONS = frozenset(["reason", "reasons", "remark", "comment", "opinion", "grounds", "request", "note"])
LONGEST = 200
RANKED = re.compile(r"ORDER\s+BY[^;)\"']*\b(score|points|grade|unit_score|community_score)\b", re.IGNORECASE)
# An office mailbox is the organisation's, not a person's.
OFFICE_FIELDS = {"contact_email"}


def broken_rule(name: str) -> str | None:
    words = set(name.lower().split("_"))
    return next((rule for rule, banned in FORBIDDEN.items() if words & set(banned.split())), None)


def is_personal(name: str) -> bool:
    return bool(PERSONAL & set(name.lower().split("_"))) and not name.endswith("_sealed") and name not in OFFICE_FIELDS


def field_names(model: type[BaseModel]) -> Iterator[str]:
    """Names of all fields, including those of nested models."""
    definitions: dict[str, Any] = model.model_json_schema()
    for schema in (definitions, *definitions.get("$defs", {}).values()):
        yield from schema.get("properties", {})


def column_names(sql: str) -> Iterator[str]:
    """Columns of every CREATE TABLE and ADD COLUMN in `sql`."""
    for body in re.findall(r"CREATE TABLE[^(]*\((.*?)\n\)", re.sub(r"--[^\n]*", "", sql), re.IGNORECASE | re.DOTALL):
        for line in body.splitlines():
            if (found := re.match(r"\s*\"?([a-z_][a-z0-9_]*)\"?\s+\w", line)) and found[1] not in (
                "primary",
                "unique",
                "constraint",
                "check",
                "foreign",
            ):
                yield found[1]
    yield from re.findall(r"ADD COLUMN(?:\s+IF NOT EXISTS)?\s+(\w+)", sql, re.IGNORECASE)


def sql_columns() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "services").rglob("*.sql")):
        for column in column_names(path.read_text(encoding="utf-8")):
            yield path.relative_to(ROOT).as_posix(), column


def test_no_event_can_hold_what_we_do_not_collect() -> None:
    found = [
        f"{event.__name__}.{name}: {rule}" for event in published_events() for name in field_names(event) if (rule := broken_rule(name))
    ]
    assert not found, "this product does not collect these; see the guard rails in ARCHITECTURE.md:\n" + "\n".join(found)


def test_no_table_can_hold_what_we_do_not_collect() -> None:
    found = [f"{path} {column}: {rule}" for path, column in sql_columns() if (rule := broken_rule(column))]
    assert not found, "this product does not collect these; see the guard rails in ARCHITECTURE.md:\n" + "\n".join(found)


def api_documents() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted((ROOT / "docs" / "api").glob("*.openapi.json")):
        yield path.stem.removesuffix(".openapi"), json.loads(path.read_text(encoding="utf-8"))


def asked_or_answered(document: dict[str, Any]) -> Iterator[str]:
    """Names of all parameters, and of all fields of request and response bodies."""
    for operations in document["paths"].values():
        for operation in operations.values():
            yield from (each["name"] for each in operation.get("parameters", []))
    for schema in document["components"]["schemas"].values():
        yield from schema.get("properties", {})


def test_no_api_can_ask_for_what_we_do_not_collect() -> None:
    found = {
        f"{service} {name}: {rule}" for service, api in api_documents() for name in asked_or_answered(api) if (rule := broken_rule(name))
    }
    assert not found, f"this product neither asks for these nor shows them: {sorted(found)}"


def long_texts(schema: dict[str, Any]) -> Iterator[str]:
    """Fields that give reasons, remarks or opinions in more than a few lines."""
    for name, field in schema.get("properties", {}).items():
        for kind in field.get("anyOf", [field]):
            is_free = kind.get("type") == "string" and not {"enum", "const", "format", "pattern"} & set(kind)
            if is_free and ON_PERSONS & set(name.split("_")) and kind.get("maxLength", LONGEST + 1) > LONGEST:
                yield name


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Models of request bodies."""
    schemas = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                if name in schemas:
                    yield name, schemas[name]


def test_g3_free_text_on_persons_is_a_few_lines() -> None:
    found = {f"{service} {name}.{field}" for service, api in api_documents() for name, body in bodies(api) for field in long_texts(body)}
    assert not found, f"at most {LONGEST} characters about a person, and the member reads them: {sorted(found)}"
    planted = {"properties": {"remark": {"type": "string", "maxLength": 2000}, "low_reason": {"anyOf": [{"type": "string"}]}}}
    assert list(long_texts(planted)) == ["remark", "low_reason"]


def test_personal_data_are_sealed_in_events() -> None:
    found = [f"{event.__name__}.{name}" for event in published_events() for name in field_names(event) if is_personal(name)]
    assert not found, f"personal fields belong to registration and are sealed (`…_sealed`): {found}"


def test_personal_data_are_stored_by_registration_only() -> None:
    found = [f"{path} {column}" for path, column in sql_columns() if is_personal(column) and not path.startswith("services/registration/")]
    assert not found, f"ask registration when you need it, and keep nothing: {found}"


def test_nothing_sorts_persons_by_score() -> None:
    texts = [(each.name, each.text) for each in sources("services")]
    texts += [(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in (ROOT / "services").rglob("*.sql")]
    found = [name for name, text in texts if RANKED.search(text)]
    assert not found, f"no rankings: sort by name, id or time: {found}"


class PlantedEvent(Event):
    """A file on a member's thoughts: must never pass."""

    TYPE: ClassVar[str] = "guangcai.planted.PlantedEvent"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    thoughts: str
    home_phone: str


PLANTED_TABLE = """
CREATE TABLE member_file (
    district   text NOT NULL,
    member_id  uuid NOT NULL,
    living_conditions text,
    last_gps   point,
    PRIMARY KEY (district, member_id)
);
ALTER TABLE member_file ADD COLUMN percentile int;
"""


def test_planted_fields_are_found() -> None:
    assert {name for name in field_names(PlantedEvent) if broken_rule(name)} == {"thoughts"}
    assert {name for name in field_names(PlantedEvent) if is_personal(name)} == {"home_phone"}


def test_planted_columns_are_found() -> None:
    assert list(column_names(PLANTED_TABLE)) == ["district", "member_id", "living_conditions", "last_gps", "percentile"]
    assert {name for name in column_names(PLANTED_TABLE) if broken_rule(name)} == {"living_conditions", "last_gps", "percentile"}


@pytest.mark.parametrize(
    ("sql", "is_ranking"),
    [
        ("SELECT member_id FROM statement ORDER BY score DESC", True),
        ("SELECT member_id FROM statement ORDER BY district, unit_score", True),
        ("SELECT member_id, score FROM statement ORDER BY member_id", False),
    ],
)
def test_a_planted_ranking_is_found(sql: str, is_ranking: bool) -> None:
    assert bool(RANKED.search(sql)) is is_ranking


def test_the_lint_reads_real_tables() -> None:
    """A pattern that matches nothing passes silently."""
    tables = {path for path in (ROOT / "services").rglob("*.sql") if "CREATE TABLE" in path.read_text(encoding="utf-8")}
    assert {path.relative_to(ROOT).as_posix() for path in tables} <= {path for path, _ in sql_columns()}
