"""Every column of a read table that holds a member's id is declared by its feature, so that copies, merges and terms reach it."""

import importlib
import re
from pathlib import Path

import pytest

from shared.feature import member_rows
from shared.member_rows import MemberRows, copied_places, moves
from tests.architecture.source_tree import service_folders

TABLE = re.compile(r"CREATE TABLE (\w+) \((.*?)\n\);", re.DOTALL)
COLUMN = re.compile(r"^\s+(\w+)\s+uuid\b", re.MULTILINE)
# Ids of members are called so; the names of other ids say what else they are. A new kind of name is decided here.
OF_MEMBERS = re.compile(r"member|leader|subject_id|recipient_id|merged_into|person|helper|volunteer|registrant|holder|giver")
OTHER_IDS = re.compile(
    r"((residence_)?community|unit|street|organisation|district|area|parent|partner|post|claim|activity|team|pairing|group|campaign|contribution|use|"
    r"certificate|objection|checklist|source|source_event|complaint|need|questionnaire|record|entry|reverses_entry|affair|registration|"
    r"series|suggestion|matter|appeal|round|period|exemption|export|deduction|report|rule_set|statement|case|letter|notification|thing|"
    r"honour|crossing|delegation|contact|office|programme|story|roster|event|link|bulletin|category|publication|request|rating|order|module|"
    r"assessment|grade|invitation|receipt|causation|correlation)_id|transfer_to|transferred_to|(reported|confirmed|opened)_by|replaces|evidence|line_ids"
)


def columns(sql: str) -> set[tuple[str, str]]:
    """(table, column) of every uuid column."""
    return {(table, column) for table, body in TABLE.findall(sql) for column in COLUMN.findall(body)}


def of_members(sql: str) -> set[tuple[str, str]]:
    return {(table, column) for table, column in columns(sql) if OF_MEMBERS.search(column)}


@pytest.mark.parametrize("folder", service_folders(), ids=lambda folder: folder.name)
def test_every_column_of_a_member_is_declared(folder: Path) -> None:
    sql = "\n".join(each.read_text(encoding="utf-8") for each in sorted(folder.rglob("read_tables.sql")))
    declared = {(rows.table, rows.column) for rows in member_rows(importlib.import_module(f"services.{folder.name}.app").FEATURES)}
    assert of_members(sql)
    forgotten = of_members(sql) - declared
    assert not forgotten, f"declare these as member_rows in the feature.py of their feature: {sorted(forgotten)}"
    assert not declared - columns(sql), f"declared, but no such column: {sorted(declared - columns(sql))}"


def test_the_names_of_ids_tell_members_from_others() -> None:
    unclear = [
        f"{folder.name} {table}.{column}"
        for folder in service_folders()
        for file in sorted(folder.rglob("read_tables.sql"))
        for table, column in columns(file.read_text(encoding="utf-8"))
        if not OF_MEMBERS.search(column) and not OTHER_IDS.fullmatch(column)
    ]
    assert not unclear, f"call a member's id member_id, or add the name to OF_MEMBERS or OTHER_IDS: {unclear}"


def test_a_planted_column_is_found() -> None:
    planted = (
        "CREATE TABLE visits (\n    district text NOT NULL,\n    visit_id uuid NOT NULL,\n    member_id uuid,\n    team_leader uuid\n);\n"
    )
    assert of_members(planted) == {("visits", "member_id"), ("visits", "team_leader")}
    assert columns(planted) - of_members(planted) == {("visits", "visit_id")}


def test_rows_without_a_declared_way_through_a_merge_are_refused() -> None:
    with pytest.raises(ValueError, match=r"visits\.member_id: declare an aggregate"):
        MemberRows("visits")
    with pytest.raises(ValueError, match="declare an aggregate"):
        MemberRows("visits", unmoved="because", carry=lambda *_: None)


def test_places_of_one_table_are_one_condition() -> None:
    both = [MemberRows("entries", column, unmoved="kept") for column in ("from_member_id", "to_member_id")]
    hidden = MemberRows("merged", unmoved="kept", not_copied="elsewhere")
    assert copied_places([*both, hidden]) == {"entries": "from_member_id = ANY($1) OR to_member_id = ANY($1)"}
    assert len(moves(MemberRows("visits", unmoved="kept", is_key=True))) == 2
