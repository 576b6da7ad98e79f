"""Several tables in one sheet, below one another, each with its header and title. Nobody is read by the header of others."""

import pytest

from services.registration.rosters.header import RosterHasTwoHeaders
from services.registration.rosters.roster import RosterReading, read_sheets
from tests.registration.rosters.test_roster import DIRECTORY, SCHOOL, UNITS, table

COURT = "云溪区司法局"
FIRST = ["姓名", "单位", "政治面貌", "手机"]
PERSON = ["柳青", SCHOOL, "中共党员", "10000000001"]


def read(*rows: list[object]) -> RosterReading:
    return read_sheets(table(*rows), DIRECTORY)


def people(reading: RosterReading) -> list[tuple[int, str, str | None]]:
    return [(row.row, row.name, row.phone) for row in reading.rows]


def remarks(reading: RosterReading) -> set[tuple[str, int, str]]:
    return {(each.code, each.row, each.column) for each in reading.remarks}


@pytest.mark.parametrize(
    ("header", "person"),
    [
        (["手机", "政治面貌", "单位", "姓名"], ["10000000002", "预备党员", SCHOOL, "何云帆"]),
        (["姓名", "手机", "单位", "政治面貌"], ["何云帆", "10000000002", SCHOOL, "预备党员"]),
        (["序号", "姓名", "单位", "党员类别", "联系电话", "邮箱"], [1, "何云帆", SCHOOL, "预备党员", "10000000002", "he@members.example"]),
        (["姓名", "单位", "政治面貌", "联络员", "手机"], ["何云帆", SCHOOL, "预备党员", "某", "10000000002"]),
        (["", "", "", "", "", *FIRST], ["", "", "", "", "", "何云帆", SCHOOL, "预备党员", "10000000002"]),
    ],
)
def test_a_second_table_with_columns_of_its_own_is_read_by_its_own_header(header: list[object], person: list[object]) -> None:
    for between in ([], [[]], [["预备党员名册"]], [["合计", "1 人"], [], ["二、预备党员"]]):
        reading = read(FIRST, PERSON, *between, header, person)
        second = 4 + len(between)
        assert people(reading) == [(2, "柳青", "10000000001"), (second, "何云帆", "10000000002")]
        assert not reading.problems
        assert reading.headers == (("Sheet1", 1, 1), ("Sheet1", second - 1, second - 1))


def test_three_tables_and_a_header_of_two_lines_are_read() -> None:
    reading = read(
        FIRST,
        PERSON,
        ["姓名", "联系方式", "", "单位", "政治面貌"],
        ["姓名", "手机", "微信", "单位", "政治面貌"],
        ["何云帆", "10000000002", "x", SCHOOL, "党员"],
        ["手机", *FIRST[:3]],
        ["10000000003", "林予安", SCHOOL, "党员"],
    )
    assert people(reading) == [(2, "柳青", "10000000001"), (5, "何云帆", "10000000002"), (7, "林予安", "10000000003")]
    assert reading.headers == (("Sheet1", 1, 1), ("Sheet1", 3, 4), ("Sheet1", 6, 6))
    assert ("column_not_kept", 0, "C") in remarks(reading)


def test_every_table_names_what_it_does_not_read_and_counts_its_own_rows_only() -> None:
    reading = read(
        ["在职党员"],
        [*FIRST, "网格员"],
        [*PERSON, "甲"],
        ["姓名", "手机", "单位", "政治面貌", "性别"],
        ["何云帆", "10000000002", SCHOOL, "党员", "男", "谁"],
        ["林予安", "10000000003", SCHOOL, "党员", "女"],
    )
    told = [(each.code, each.row, each.column, each.count) for each in reading.remarks]
    assert told == [
        ("title_line", 1, "", 1),
        ("column_unknown", 0, "E", 1),
        ("column_not_kept", 0, "E", 2),
        ("column_without_label", 0, "F", 1),
    ]


def test_a_second_table_that_lacks_columns_is_named_with_its_row_and_nobody_is_read() -> None:
    with pytest.raises(RosterHasTwoHeaders) as refused:
        read(FIRST, PERSON, [], ["姓名", "手机", "单位"], ["何云帆", "10000000002", SCHOOL])
    assert refused.value.facts == {"row": 4}


def test_the_same_header_again_is_no_table_of_its_own() -> None:
    reading = read(FIRST, PERSON, ["第2页"], FIRST, ["何云帆", SCHOOL, "党员", "10000000002"], ["", "", "", "手机"])
    assert len(reading.rows) == 2
    assert reading.headers == (("Sheet1", 1, 1),)
    assert {("header_again", 4, ""), ("header_again", 6, ""), ("row_without_person", 3, "")} == remarks(reading)


def test_a_shorter_header_with_the_same_columns_comes_again() -> None:
    reading = read(FIRST, PERSON, ["姓名", "", "政治面貌(正式/预备)"], ["何云帆", SCHOOL, "党员", "10000000002"])
    assert people(reading) == [(2, "柳青", "10000000001"), (4, "何云帆", "10000000002")]
    assert remarks(reading) == {("header_again", 3, "")}


SHORT = ["姓名", "政治面貌", "手机"]


def units(reading: RosterReading) -> list[tuple[str, bool]]:
    return [(row.name, row.unit_id == UNITS[SCHOOL][0]) for row in reading.rows]


def test_tables_of_several_units_have_the_unit_of_their_own_title() -> None:
    reading = read(
        [f"填报单位:{SCHOOL}"],
        SHORT,
        ["柳青", "党员", "10000000001"],
        ["合计", "1"],
        [f"填报单位:{COURT}"],
        SHORT,
        ["何云帆", "党员", "10000000002"],
        SHORT,
        ["林予安", "党员", "10000000003"],
        [f"{SCHOOL}(续)"],
        SHORT,
        ["赵一诺", "党员", "10000000004"],
    )
    assert units(reading) == [("柳青", True), ("何云帆", False), ("林予安", False), ("赵一诺", True)]
    assert not reading.problems


def test_a_title_on_every_page_begins_no_new_table() -> None:
    page = [[f"{SCHOOL}花名册"], SHORT]
    reading = read(*page, ["柳青", "党员", "10000000001"], *page, ["何云帆", "党员", "10000000002"])
    assert units(reading) == [("柳青", True), ("何云帆", True)]
    assert reading.headers == (("Sheet1", 2, 2),)


def test_a_line_of_labels_is_never_a_person() -> None:
    reading = read(["姓名", "单位", "党员类别", "手机"], PERSON, ["姓名", "某某栏"], ["姓名"])
    assert len(reading.rows) == 1
    assert not reading.problems
    assert {("row_without_person", 3, ""), ("header_again", 4, "")} == remarks(reading)
