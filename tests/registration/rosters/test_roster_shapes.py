"""Shapes that offices give to a roster: every file of shapes/ says the same two people, and everything else in it is named.

A shape that somebody sends and nobody thought of becomes a file there.
"""

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.rosters.columns import WORDS
from services.registration.rosters.roster import read_roster, read_sheets
from shared.contracts.registration.codes import PoliticalStatus
from tests.registration.rosters.test_roster import COMMUNITIES, DIRECTORY, NUMBER, SCHOOL, UNITS, table
from tests.registration.rosters.test_roster_limits import unaccounted

SHAPES = Path(__file__).parent / "shapes"
TOLD = {  # what is said beside the people: code, row, column
    "three_levels": {("title_line", 1, ""), ("column_not_kept", 0, "A")},
    "sums_above": {("title_line", 1, ""), ("row_without_person", 3, ""), ("row_without_person", 4, ""), ("column_not_kept", 0, "A")},
    "mixed_dates": {("column_not_kept", 0, column) for column in "EFG"},
    "repeated_columns": {("column_repeated", 0, column) for column in "BEH"},
    "party_roster": {("column_not_kept", 0, column) for column in "ACDEFJKNO"} | {("column_unknown", 0, "L")},
    "two_tables": {("title_line", 1, ""), ("column_not_kept", 0, "A"), ("row_without_person", 4, ""), ("row_without_person", 6, "")},
    "printed_pages": {
        *(("title_line", 1, ""), ("column_not_kept", 0, "A"), ("header_again", 6, "")),
        *(("row_without_person", row, "") for row in (4, 5, 8, 9)),
    },
    "side_by_side": {("column_not_kept", 0, "A"), ("column_not_kept", 0, "G")},
    "numbered_columns": {("title_line", 1, ""), ("row_without_person", 3, ""), ("column_not_kept", 0, "E")},
}


@pytest.mark.parametrize("shape", sorted(path.stem for path in SHAPES.iterdir()))
def test_every_shape_says_the_same_people_and_names_the_rest(shape: str) -> None:
    content = (SHAPES / f"{shape}.csv").read_text(encoding="utf-8")
    reading = read_roster(content.encode(), DIRECTORY)
    assert [(row.name, row.citizen_number, row.unit_id, row.political_status, row.phone) for row in reading.rows] == [
        ("柳青", NUMBER, UNITS[SCHOOL][0], PoliticalStatus.MEMBER, "10000000001"),
        ("何云帆", None, UNITS[SCHOOL][0], PoliticalStatus.PROBATIONARY, "10000000002"),
    ]
    assert not reading.problems
    assert {(each.code, each.row, each.column) for each in reading.remarks} == TOLD[shape]
    assert unaccounted(reading, "", list(csv.reader(content.splitlines()))) == []


CELLS: dict[str, Any] = {
    "name": "柳青",
    "citizen_number": NUMBER,
    "political_status": "中共党员",
    "phone": "10000000001",
    "email": "liu@members.example",
    "community": "新风社区",
    "occupation": "教师",
}
UNIT_CELLS = {"unit": SCHOOL, "unit_and_position": f"{SCHOOL}教师", "party_branch": f"中共{SCHOOL}支部委员会"}
NOT_KEPT = st.lists(st.sampled_from(WORDS["columns"]["ignored"]), min_size=8, max_size=8, unique=True)
KEPT = st.sampled_from(sorted(UNIT_CELLS)).map(lambda unit: [*CELLS, unit])


@given(st.data())
def test_sixteen_columns_of_a_party_roster_are_read_in_any_order_under_any_synonym(data: st.DataObject) -> None:
    fields = data.draw(KEPT)
    columns = [(data.draw(st.sampled_from(WORDS["columns"][field])), (CELLS | UNIT_CELLS)[field]) for field in fields]
    columns += [
        (label, data.draw(st.sampled_from(["1985.07", "6.30", 6.29, "某", "", 31229, "无", "党员"]))) for label in data.draw(NOT_KEPT)
    ]
    header, line = zip(*data.draw(st.permutations(columns)), strict=True)
    reading = read_sheets(table(header, line), DIRECTORY)
    assert not reading.problems
    (row,) = reading.rows
    assert (row.name, row.citizen_number, row.phone, row.email) == ("柳青", NUMBER, "10000000001", "liu@members.example")
    assert (row.unit_id, row.community_id) == (UNITS[SCHOOL][0], COMMUNITIES["新风社区"])
    assert row.political_status is PoliticalStatus.MEMBER
    assert [each.code for each in reading.remarks] == ["column_not_kept"] * 8
