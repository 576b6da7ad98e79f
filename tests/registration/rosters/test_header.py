"""Where the header of a table is, which columns it has, and what is said of those that are not read."""

import pytest

from services.registration.rosters.header import MOST_LINES, RosterHasNoHeader
from services.registration.rosters.roster import RosterReading, read_sheets
from tests.registration.rosters.test_roster import DIRECTORY, NUMBER, SCHOOL, UNITS, table

HEADER = ["姓名", "单位", "政治面貌", "手机"]
PERSON = ["柳青", SCHOOL, "中共党员", "10000000001"]
LAST = 60  # row in which a header is still found


def read(*rows: list[object], mapping: dict[str, str] | None = None) -> RosterReading:
    return read_sheets(table(*rows), DIRECTORY, mapping)


def phones(reading: RosterReading) -> list[str | None]:
    assert not reading.problems
    return [row.phone for row in reading.rows]


def left_out(reading: RosterReading) -> list[tuple[str, str, str]]:
    return [(each.code, each.column, each.header) for each in reading.remarks if each.column]


def test_a_header_is_found_below_long_titles_but_not_beyond() -> None:
    assert read(*[["说明"]] * (LAST - 1), HEADER, PERSON).headers == (("Sheet1", LAST, LAST),)
    with pytest.raises(RosterHasNoHeader):
        read(*[["说明"]] * LAST, HEADER, PERSON)


@pytest.mark.parametrize("above", [["手机"], ["姓名"], ["单位", SCHOOL], ["电话", "邮箱"], ["名单", "某"]])
def test_a_line_with_too_few_labels_is_a_title(above: list[object]) -> None:
    reading = read(above, [], HEADER, PERSON)
    assert (phones(reading), reading.headers) == (["10000000001"], (("Sheet1", 3, 3),))


def test_a_name_and_one_more_label_make_a_header() -> None:
    with pytest.raises(RosterHasNoHeader):
        read(["姓名", "备注"], ["柳青", "x"])
    own = read_sheets(table([SCHOOL], ["姓名", "政治面貌"], ["柳青", "党员"]), DIRECTORY)
    assert [each.code for each in own.problems] == ["no_identity"]


def test_a_header_with_nobody_below_it_is_an_empty_roster() -> None:
    reading = read(HEADER)
    assert (reading.total, reading.headers) == (0, (("Sheet1", 1, 1),))


@pytest.mark.parametrize("lines", range(1, MOST_LINES + 1))
def test_a_header_has_up_to_four_lines(lines: int) -> None:
    groups = ["某", "某组", "某类", "某项"]
    above = [[*HEADER[:level], *groups[level:]] for level in range(MOST_LINES - lines + 1, MOST_LINES)]  # every line says one label more
    reading = read(*above, HEADER, PERSON)
    assert phones(reading) == ["10000000001"]
    assert reading.headers == (("Sheet1", 1, lines),)


def test_lines_of_different_length_make_one_header() -> None:
    reading = read(["", "", "政治面貌"], ["姓名", "单位", "", "手机", "", "网格员"], [*PERSON, "", "甲"])
    assert phones(reading) == ["10000000001"]
    assert left_out(reading) == [("column_unknown", "F", "网格员")]
    shorter = read(["姓名", "单位", "政治面貌", "联系", "住处"], ["姓名", "单位", "政治面貌", "手机"], PERSON)
    assert phones(shorter) == ["10000000001"]
    assert left_out(shorter) == [("column_unknown", "E", "住处")]


def test_a_hint_below_a_label_does_not_take_its_place() -> None:
    for hint in ("(必填)", "[必填]", "【必填】", "<必填>", "（必填）"):
        reading = read([*HEADER[:3], "联系", "网格员"], [*HEADER[:3], "手机", hint], [*PERSON, "甲"])
        assert phones(reading) == ["10000000001"]
        assert left_out(reading) == [("column_unknown", "E", "网格员")]


def test_a_first_person_below_the_header_is_no_line_of_it() -> None:
    for cell in ("手机", "微信", "备注", "姓名栏"):
        reading = read([*HEADER, "网格员"], [*PERSON, cell])
        assert (len(reading.rows), reading.headers) == (1, (("Sheet1", 1, 1),))


def test_of_three_columns_for_the_unit_the_plainest_is_read() -> None:
    reading = read(["姓名", "所在党支部", "工作单位及职务", "单位", "政治面貌", "手机"], ["柳青", "某支部", "某处长", *PERSON[1:]])
    assert [row.unit_id for row in reading.rows] == [UNITS[SCHOOL][0]]
    assert left_out(reading) == [("column_not_kept", "C", "工作单位及职务"), ("column_not_kept", "B", "所在党支部")]
    without = read(["姓名", "所在党支部", "工作单位及职务", "政治面貌", "手机"], ["柳青", "某支部", f"{SCHOOL}校长", *PERSON[2:]])
    assert [row.unit_id for row in without.rows] == [UNITS[SCHOOL][0]]


def test_the_first_of_two_columns_with_one_meaning_is_read() -> None:
    reading = read([*HEADER, "联系电话", "备注", "备注"], [*PERSON, "10000000009", "a", ""])
    assert phones(reading) == ["10000000001"]
    assert left_out(reading) == [("column_repeated", "E", "联系电话"), ("column_not_kept", "F", "备注"), ("column_not_kept", "G", "备注")]


def test_an_explained_label_is_read_in_header_and_repeated_header() -> None:
    header = ["谁", "单位", "政治面貌", "怎么找"]
    reading = read(header, PERSON, header, ["何云帆", *PERSON[1:3], "10000000002"], mapping={"谁": "name", "怎么找": "phone"})
    assert phones(reading) == ["10000000001", "10000000002"]
    assert [(each.code, each.row) for each in reading.remarks] == [("header_again", 3)]
    other = ["怎么找", "政治面貌", "单位", "谁"]
    turned = read(header, PERSON, other, ["10000000002", "党员", SCHOOL, "何云帆"], mapping={"谁": "name", "怎么找": "phone"})
    assert phones(turned) == ["10000000001", "10000000002"]


def test_a_header_in_english_comes_again_as_well() -> None:
    header = ["Name", "单位", "政治面貌", "Phone"]
    reading = read(header, PERSON, header, ["何云帆", *PERSON[1:3], "10000000002"])
    turned = read(header, PERSON, ["Phone", "政治面貌", "单位", "NAME"], ["10000000002", "党员", SCHOOL, "何云帆"])
    assert phones(reading) == phones(turned) == ["10000000001", "10000000002"]


PART = ["序号", "姓名", "单位", "政治面貌", "手机"]


def line(number: int, name: str) -> list[object]:
    return [number, name, SCHOOL, "党员", f"1000000000{number}"]


@pytest.mark.parametrize("gap", [[], [""], ["", ""]])
@pytest.mark.parametrize("tables", [2, 3])
def test_tables_side_by_side_have_a_person_each_in_a_row(tables: int, gap: list[object]) -> None:
    header = [*PART, *gap] * tables
    first = [cell for number in range(1, tables + 1) for cell in [*line(number, f"柳{number}"), *gap]]
    second = line(9, "何云帆")
    reading = read(["花名册"], header, first, second)
    assert [(row.name, row.row, row.beside) for row in reading.rows] == [
        *((f"柳{number}", 3, number - 1) for number in range(1, tables + 1)),
        ("何云帆", 4, 0),
    ]
    assert not reading.problems
    assert [(each.code, each.row) for each in reading.remarks if each.row] == [("title_line", 1)]
    assert len(left_out(reading)) == tables


def test_side_by_side_each_problem_stands_in_its_own_columns() -> None:
    reading = read([*PART, *PART], [*line(1, "柳青"), 2, "何云帆", "某处", "党员", "1"])
    assert [(each.column, each.code) for each in reading.problems] == [("H", "unknown_unit"), ("J", "bad_phone")]
    assert [row.name for row in reading.rows] == ["柳青"]


def test_a_second_column_of_names_alone_is_a_repeated_column_and_no_table() -> None:
    reading = read([*HEADER, "姓名", "备注"], [*PERSON, "某人", "x"])
    assert phones(reading) == ["10000000001"]
    assert left_out(reading) == [("column_repeated", "E", "姓名"), ("column_not_kept", "F", "备注")]


def test_the_table_on_the_right_has_its_unit_from_the_title_as_the_left_one_has() -> None:
    part = ["姓名", "政治面貌", "身份证号"]
    reading = read([SCHOOL], [*part, *part], ["柳青", "党员", NUMBER, "", "", ""], ["", "", "", "何云帆", "党员", "11010519491231002X"])
    assert [(each.row, each.code) for each in reading.problems] == [(4, "duplicate_in_file")]
    assert [row.unit_id for row in reading.rows] == [UNITS[SCHOOL][0]]


def test_a_sum_on_the_right_is_nobody_there() -> None:
    reading = read([*PART, *PART], [*line(1, "柳青"), *line(2, "何云帆")], [*line(3, "林予安"), "合计", "3"])
    assert [row.name for row in reading.rows] == ["柳青", "何云帆", "林予安"]
    assert not reading.problems


def test_tables_side_by_side_may_begin_further_right_and_have_few_columns() -> None:
    reading = read(["", "", *PART, *PART], ["", "", *line(1, "柳青"), *line(2, "何云帆")])
    assert [(row.name, row.phone) for row in reading.rows] == [("柳青", "10000000001"), ("何云帆", "10000000002")]
    few = read([SCHOOL], ["姓名", "政治面貌"] * 2, ["柳青", "党员", "何云帆", "党员"])
    assert [(each.column, each.code) for each in few.problems] == [("A", "no_identity"), ("C", "no_identity")]


def test_a_header_that_comes_twice_at_once_has_one_line_and_comes_again() -> None:
    reading = read(HEADER, HEADER, PERSON)
    assert (phones(reading), reading.headers) == (["10000000001"], (("Sheet1", 1, 1),))
    assert [(each.code, each.row) for each in reading.remarks] == [("header_again", 2)]


def test_any_part_of_a_header_of_several_lines_comes_again() -> None:
    lines = [["", "", "政治面貌"], ["姓名", "单位", "", "手机"]]
    reading = read(*lines, PERSON, *lines, ["", "", "", "手机"], ["何云帆", *PERSON[1:3], "10000000002"])
    assert phones(reading) == ["10000000001", "10000000002"]
    assert [(each.code, each.row) for each in reading.remarks] == [("header_again", row) for row in (4, 5, 6)]
