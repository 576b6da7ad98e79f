"""Rosters as offices send them: what is read, what is refused with which reason, what is never opened."""

import io
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from ops.demo import make_roster
from services.registration.rosters.api import Problem, problem_sheet
from services.registration.rosters.header import RosterHasNoHeader, RosterHeaderIncomplete
from services.registration.rosters.roster import RosterReading, read_roster, read_sheets
from services.registration.rosters.row_reader import Directory, RosterProblem
from services.registration.rosters.workbook import SheetOfPeople, column_letter
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.papers.workbooks import workbook_of
from shared.texts import text

UNITS = {unit.name: (UUID(int=place), OccupationGroup[unit.occupation_group]) for place, unit in enumerate(make_roster.UNITS, 1)}
COMMUNITIES = {community.name: UUID(int=place) for place, community in enumerate(make_roster.COMMUNITIES, 101)}
DIRECTORY = Directory(UNITS, COMMUNITIES)
SCHOOL = "云溪区育光小学"
NUMBER = "11010519491231002X"  # the standard's own example
HEADER = ["序号", "姓名", "身份证号", "单位", "政治面貌", "手机", "居住社区", "备注"]
GOOD = [1, "柳青", NUMBER, SCHOOL, "中共党员", "10000000001", "新风", ""]


def workbook(*rows: Sequence[object]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(line, column, value)
    return target.getvalue()


def table(*rows: Sequence[object]) -> list[SheetOfPeople]:
    """A workbook with one sheet, as the sheet reader gives it: every number with a point."""
    return [SheetOfPeople("Sheet1", [[float(cell) if isinstance(cell, int) else cell for cell in row] for row in rows])]


def read(*rows: Sequence[object], header: list[str] = HEADER) -> RosterReading:
    return read_sheets(table(header, *rows), DIRECTORY)


def changed(**cells: object) -> list[object]:
    return [cells.get(label, value) for label, value in zip(HEADER, GOOD, strict=True)]


def test_the_committed_roster_gives_the_joint_table_and_four_problems() -> None:
    reading = read_roster(make_roster.ROSTER.read_bytes(), DIRECTORY)
    assert reading.total == 79
    by_cell = Counter((row.community_id, row.occupation_group) for row in reading.rows)
    expected = {
        (COMMUNITIES[community], OccupationGroup[group]): count
        for community, counts in make_roster.JOINT_TABLE.items()
        for group, count in zip(make_roster.GROUPS, counts, strict=True)
        if count
    }
    assert by_cell == expected
    assert [problem.code for problem in reading.problems] == [
        "citizen_number_numeric",
        "citizen_number_invalid",
        "unknown_unit",
        "duplicate_in_file",
    ]
    assert reading.problems[0] == RosterProblem(14, "C", "公民身份号码", "citizen_number_numeric", "花名册")


def test_the_committed_roster_is_what_the_script_makes() -> None:
    people = make_roster.rows()
    reading = read_roster(make_roster.ROSTER.read_bytes(), DIRECTORY)
    assert [(row.name, row.citizen_number, row.phone) for row in reading.rows] == [
        (person.name, person.citizen_number, person.phone) for person in people
    ]


@pytest.mark.parametrize("members", [1, 28, 75, 150, 1000])
def test_a_scaled_roster_keeps_the_proportions(members: int) -> None:
    cells = make_roster.cells(members)
    assert sum(cells.values()) == members
    for (community, group), count in cells.items():
        exact = make_roster.JOINT_TABLE[community][make_roster.GROUPS.index(group)] * members / make_roster.MEMBERS
        assert abs(count - exact) < 1


def test_a_plain_row_is_read_completely() -> None:
    (row,) = read(GOOD).rows
    assert (row.row, row.name, row.citizen_number, row.phone) == (2, "柳青", NUMBER, "10000000001")
    assert row.political_status is PoliticalStatus.MEMBER
    assert (row.unit_id, row.occupation_group) == UNITS[SCHOOL]
    assert row.community_id == COMMUNITIES["新风社区"]


def test_full_width_signs_blanks_and_numeric_phones_are_normalised() -> None:
    (row,) = read(changed(姓名="柳 青", 身份证号=" 11010519491231002x ", 手机=10000000001)).rows
    assert (row.name, row.citizen_number, row.phone) == ("柳青", NUMBER, "10000000001")


@pytest.mark.parametrize("label", ["公民身份号码", "身份证号码", "身份证号\n(18位)", "* 身份证号"])
def test_headers_have_synonyms(label: str) -> None:
    assert read(GOOD, header=[label if each == "身份证号" else each for each in HEADER]).rows[0].citizen_number == NUMBER


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"姓名": ""}, "B", "missing_name"),
        ({"姓名": "柳" * 51}, "B", "name_too_long"),
        ({"身份证号": 110105194912310020}, "C", "citizen_number_numeric"),
        ({"身份证号": "110105194912310021"}, "C", "citizen_number_invalid"),
        ({"身份证号": "11010519491331002X"}, "C", "citizen_number_invalid"),
        ({"身份证号": "1101051949"}, "C", "citizen_number_invalid"),
        ({"身份证号": "二二〇二〇三一九八〇〇一〇一〇〇一"}, "C", "citizen_number_invalid"),
        ({"单位": "没有这个单位"}, "D", "unknown_unit"),
        ({"单位": ""}, "D", "unknown_unit"),
        ({"政治面貌": "群众"}, "E", "bad_political_status"),
        ({"政治面貌": ""}, "E", "bad_political_status"),
        ({"手机": "123"}, "F", "bad_phone"),
        ({"居住社区": "没有这个社区"}, "G", "unknown_community"),
        ({"身份证号": "", "手机": ""}, "C", "no_identity"),
    ],
)
def test_a_bad_row_is_refused_with_place_and_reason_and_the_others_go_in(cells: dict[str, object], column: str, code: str) -> None:
    reading = read(changed(**cells), changed(姓名="另一人", 身份证号="", 手机="10000000002"))
    assert [(problem.row, problem.column, problem.code) for problem in reading.problems] == [(2, column, code)]
    assert [row.name for row in reading.rows] == ["另一人"]


def test_every_problem_of_a_row_is_told_at_once() -> None:
    codes = [problem.code for problem in read(changed(姓名="", 单位="无", 政治面貌="团员", 手机="1")).problems]
    assert codes == ["missing_name", "unknown_unit", "bad_political_status", "bad_phone"]


def test_problems_never_repeat_what_a_cell_says() -> None:
    reading = read(changed(身份证号="110105194912310021", 手机="1390000"))
    assert "1101051949" not in repr(reading.problems)
    assert "1390000" not in repr(reading.problems)


def test_the_same_person_twice_is_one_row_and_one_problem() -> None:
    reading = read(GOOD, changed(姓名="柳青"))
    assert len(reading.rows) == 1
    assert [(problem.row, problem.code) for problem in reading.problems] == [(3, "duplicate_in_file")]


def test_people_of_one_name_are_told_apart_by_phone() -> None:
    reading = read(changed(身份证号="", 手机="10000000001"), changed(身份证号="", 手机="10000000002"))
    assert len({row.identity for row in reading.rows}) == 2


def test_a_unit_enrols_its_own_members_only() -> None:
    own = Directory(UNITS, COMMUNITIES, frozenset({UNITS["云溪区司法局"][0]}))
    reading = read_sheets(table(HEADER, GOOD, changed(身份证号="", 单位="云溪区司法局")), own)
    assert [problem.code for problem in reading.problems] == ["unit_not_yours"]
    assert len(reading.rows) == 1


def test_the_occupation_group_must_agree_with_the_unit() -> None:
    header = [*HEADER, "职业类别"]
    reading = read([*GOOD, "公安"], [*changed(身份证号="", 手机="10000000002"), "宇航员"], header=header)
    assert [problem.code for problem in reading.problems] == ["occupation_differs_from_unit", "bad_occupation"]


@pytest.mark.parametrize("line", [["合计", "", "", "", "3 人"], ["填表人:某某"], ["", "", "", ""], ["说明:本表一式两份"]])
def test_sums_footnotes_and_empty_rows_are_no_members(line: list[object]) -> None:
    assert read(GOOD, line).total == 1


def test_a_merged_title_and_a_two_row_header_are_understood() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 4, "花名册")
        sheet.merge_range(1, 0, 2, 0, "姓名")
        sheet.merge_range(1, 1, 1, 2, "联系方式")
        sheet.merge_range(1, 3, 2, 3, "单位")
        sheet.merge_range(1, 4, 2, 4, "政治面貌")
        sheet.write_row(2, 1, ["手机", "电子邮箱"])
        sheet.write_row(3, 0, ["柳青", "10000000001", "liu@members.example", SCHOOL, "预备党员"])
    (row,) = read_roster(target.getvalue(), DIRECTORY).rows
    assert (row.row, row.phone, row.email, row.political_status) == (4, "10000000001", "liu@members.example", PoliticalStatus.PROBATIONARY)


def test_a_sheet_without_header_says_so() -> None:
    with pytest.raises(RosterHasNoHeader):
        read_sheets(table(["甲", "乙"], ["丙", "丁"]), DIRECTORY)


def test_missing_columns_are_named() -> None:
    with pytest.raises(RosterHeaderIncomplete) as refused:
        read_sheets(table(["姓名", "单位", "手机"], ["柳青", SCHOOL, "10000000001"]), DIRECTORY)
    assert refused.value.facts == {"missing": ["政治面貌"]}


def test_the_error_sheet_names_place_and_reason_as_text() -> None:
    reason = text("registration", "labels", "roster_citizen_number_numeric")
    problem = Problem(row=14, column="C", header="=cmd()", code="citizen_number_numeric", reason_zh=reason.zh, reason_en=reason.en)
    with CalamineWorkbook.from_filelike(io.BytesIO(workbook_of([problem_sheet([problem])]))) as book:
        rows = book.get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["", "14", "C", "'=cmd()"]
    assert "文本" in str(rows[1][4])


def test_columns_are_named_as_excel_names_them() -> None:
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
