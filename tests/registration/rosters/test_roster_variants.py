"""What offices really send: one table of variants per kind. Each is read, refused with its place, or named in a remark."""

import io
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
import xlsxwriter
from stdnum.cn import ric

from ops.demo import make_roster
from services.registration.rosters.columns import IGNORED, WORDS, label_of
from services.registration.rosters.header import RosterHasNoHeader, RosterHeaderIncomplete
from services.registration.rosters.roster import RosterReading, read_roster, read_sheets
from services.registration.rosters.row_reader import Directory
from services.registration.rosters.values import OCCUPATIONS, POLITICAL
from services.registration.rosters.workbook import RosterIsGarbled, RosterTooLarge, read_workbook
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.contracts.registration.rosters import RosterField
from tests.registration.rosters.test_roster import (
    COMMUNITIES,
    DIRECTORY,
    GOOD,
    HEADER,
    NUMBER,
    SCHOOL,
    UNITS,
    changed,
    read,
    table,
    workbook,
)

TODAY = date(2026, 3, 2)
ACCOUNTANTS = "注册会计师协会"
WITH_ACCOUNTANTS = Directory(UNITS | {ACCOUNTANTS: (UUID(int=99), OccupationGroup.DISTRICT_ORGAN)}, COMMUNITIES)


def header_with(**labels: str) -> list[str]:
    return [labels.get(label, label) for label in HEADER]


def remarks(reading: RosterReading) -> set[tuple[str, int, str]]:
    return {(each.code, each.row, each.column) for each in reading.remarks}


def codes(reading: RosterReading) -> set[str]:
    return {each.code for each in reading.remarks}


@pytest.mark.parametrize("unit", [ACCOUNTANTS, "审核中心", "说明文档局", "总计划处", "第三中学", "合计会计师事务所"])
def test_a_unit_in_the_first_column_makes_no_footnote_of_a_person(unit: str) -> None:
    directory = Directory(UNITS | {unit: (UUID(int=99), OccupationGroup.DISTRICT_ORGAN)}, COMMUNITIES)
    content = table(["单位", "姓名", "身份证号", "政治面貌"], [unit, "柳青", NUMBER, "中共党员"])
    assert [row.name for row in read_sheets(content, directory).rows] == ["柳青"]


@pytest.mark.parametrize("value", ["手机", "电话", "邮箱", "微信", "单位", "居住社区"])
def test_a_person_whose_cell_says_the_name_of_a_column_is_no_second_header_line(value: str) -> None:
    reading = read([*GOOD[:7], value], header=[*HEADER[:7], "联络方式"])
    assert [row.name for row in reading.rows] == ["柳青"]
    assert ("column_unknown", 0, "H") in remarks(reading)


def book(sheets: Mapping[str, list[list[object]]], hidden: frozenset[str] = frozenset(), hidden_rows: tuple[int, ...] = ()) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
            for line in hidden_rows:
                sheet.set_row(line, None, None, {"hidden": True})
            if name in hidden:
                sheet.hide()
    return target.getvalue()


OTHER = changed(姓名="何云帆", 身份证号="", 手机="10000000002")


def test_every_visible_sheet_with_people_is_read_and_the_others_are_named() -> None:
    sheets = {"机关": [HEADER, GOOD], "学校": [HEADER, OTHER], "说明": [["请于周五前报送"]], "旧": [HEADER, GOOD], "空": []}
    reading = read_roster(book(sheets, hidden=frozenset({"旧"})), DIRECTORY)
    assert [(row.sheet, row.row, row.name) for row in reading.rows] == [("机关", 2, "柳青"), ("学校", 2, "何云帆")]
    named = {(each.code, each.sheet, each.count) for each in reading.remarks}
    assert named >= {("sheet_without_header", "说明", 1), ("sheet_is_hidden", "旧", 15), ("sheet_is_empty", "空", 0)}


def test_one_person_on_two_sheets_is_one_row_and_one_problem_with_its_sheet() -> None:
    reading = read_roster(book({"一": [HEADER, GOOD], "二": [HEADER, GOOD]}), DIRECTORY)
    assert [(each.sheet, each.row, each.code) for each in reading.problems] == [("二", 2, "duplicate_in_file")]


def test_a_sheet_that_lacks_columns_is_named_beside_one_that_does_not() -> None:
    reading = read_roster(book({"一": [HEADER, GOOD], "二": [["姓名", "手机", "单位"], ["何云帆", "10000000002", SCHOOL]]}), DIRECTORY)
    assert len(reading.rows) == 1
    assert ("sheet_lacks_columns", "二", 6) in {(each.code, each.sheet, each.count) for each in reading.remarks}


def test_hidden_rows_are_read_and_counted() -> None:
    reading = read_roster(book({"一": [HEADER, GOOD, OTHER]}, hidden_rows=(2,)), DIRECTORY)
    assert len(reading.rows) == 2
    assert ("hidden_rows_read", 1) in {(each.code, each.count) for each in reading.remarks}


USUAL = {
    "name": "柳青",
    "citizen_number": NUMBER,
    "unit": SCHOOL,
    "unit_and_position": f"{SCHOOL} 校长",
    "party_branch": f"中共{SCHOOL}支部委员会",
    "occupation": "教师",
    "political_status": "中共党员",
    "phone": "10000000001",
    "email": "liu@members.example",
    "community": "新风社区",
}
EVERY_LABEL = [(field, label) for field, labels in WORDS["columns"].items() for label in labels]


@pytest.mark.parametrize(("field", "label"), EVERY_LABEL)
def test_every_synonym_is_read_as_its_field(field: str, label: str) -> None:
    base = {"name": "姓名", "unit": "单位", "political_status": "政治面貌", "citizen_number": "身份证号"}
    if field in {"unit_and_position", "party_branch"}:
        del base["unit"]
    fields = [*(each for each in base if each != field), field]
    line = ["随便" if each == IGNORED else USUAL[each] for each in fields]
    reading = read_sheets(table([base.get(each, "") if each != field else label for each in fields], line), DIRECTORY)
    assert not reading.problems
    (row,) = reading.rows
    expected = {
        "name": row.name == "柳青",
        "citizen_number": row.citizen_number == NUMBER,
        "phone": row.phone == "10000000001",
        "email": row.email == "liu@members.example",
        "community": row.community_id == COMMUNITIES["新风社区"],
        IGNORED: "column_not_kept" in codes(reading),
    }
    assert expected.get(field, row.unit_id == UNITS[SCHOOL][0])


def test_no_label_stands_for_two_fields() -> None:
    labels = [label for _, label in EVERY_LABEL]
    assert len(labels) == len(set(labels))
    assert set(WORDS["columns"]) == set(RosterField)


@pytest.mark.parametrize("label", ["联络方式", "网格员", "所属片区", "党员积分", "=1+1", "x" * 200])
def test_a_column_nobody_knows_is_named_and_can_be_explained(label: str) -> None:
    header = header_with(备注=label)
    line = [*GOOD[:5], "", "新风", "10000000001"]
    assert ("column_unknown", 0, "H") in remarks(read(line, header=header))
    if len(label) < 60:
        header = [each for each in header if each != "手机"]
        explained = read_sheets(table(header, [*GOOD[:5], "新风", "10000000001"]), DIRECTORY, {label_of(label): "phone"})
        assert [row.phone for row in explained.rows] == ["10000000001"]


def test_a_filled_column_without_a_label_is_named() -> None:
    assert ("column_without_label", 0, "I") in remarks(read([*GOOD, "什么"]))


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("所在党支部", f"{SCHOOL}党支部"),
        ("所在党组织", f"中共{SCHOOL}总支部委员会"),
        ("所属党组织", f"{SCHOOL}第三党支部"),
        ("所属单位", SCHOOL),
        ("工作单位及职务", f"{SCHOOL}教师"),
        ("工作单位及职务", f"{SCHOOL}、副校长"),
        ("单位", f"中国共产党{SCHOOL}委员会"),
        ("单位", f"{SCHOOL}机关党委"),
        ("所在支部", f"{SCHOOL}联合党支部"),
    ],
)
def test_units_are_found_by_their_party_organisation_and_before_a_position(label: str, value: str) -> None:
    (row,) = read(changed(单位=value), header=header_with(单位=label)).rows
    assert row.unit_id == UNITS[SCHOOL][0]


def test_a_unit_with_something_else_behind_it_is_not_taken_for_it() -> None:
    assert [each.code for each in read(changed(单位=f"{SCHOOL}附属幼儿园")).problems] == ["unknown_unit"]


def test_a_unit_sends_its_own_roster_without_a_column_for_the_unit() -> None:
    header = [each for each in HEADER if each != "单位"]
    content = table(header, [value for label, value in zip(HEADER, GOOD, strict=True) if label != "单位"])
    own = Directory(UNITS, COMMUNITIES, frozenset({UNITS[SCHOOL][0]}))
    assert [row.unit_id for row in read_sheets(content, own).rows] == [UNITS[SCHOOL][0]]
    with pytest.raises(RosterHeaderIncomplete):
        read_sheets(content, DIRECTORY)


@pytest.mark.parametrize("title", [f"{SCHOOL}在职党员花名册", f"填报单位:{SCHOOL}"])
def test_the_district_reads_the_unit_from_the_title(title: str) -> None:
    line = ["柳青", NUMBER, "中共党员"]
    assert [row.unit_id for row in read_sheets(table([title], ["姓名", "身份证号", "政治面貌"], line), DIRECTORY).rows] == [
        UNITS[SCHOOL][0]
    ]


@pytest.mark.parametrize(("word", "status"), list(POLITICAL.items()))
def test_political_status_has_many_words(word: str, status: PoliticalStatus) -> None:
    assert [row.political_status for row in read(changed(政治面貌=word)).rows] == [status]


@pytest.mark.parametrize(
    "name",
    [
        "新风社区党委",
        "新风社区党总支",
        "新风社区党支部",
        "中共新风社区委员会",
        "新风社区居委会",
        "新风社区居民委员会",
        "新风",
        "东林街道新风社区",
        "东林街道新风社区3栋2单元",
        "新风社区联合党委",
        "新风党委",
        "新风社区(党委)",
    ],
)
def test_communities_are_found_by_their_party_organisation_and_in_an_address(name: str) -> None:
    assert [row.community_id for row in read(changed(居住社区=name)).rows] == [COMMUNITIES["新风社区"]]


@pytest.mark.parametrize("mark", WORDS["cells"]["empty"])
def test_marks_for_nothing_are_nothing(mark: str) -> None:
    (row,) = read(changed(手机=mark, 居住社区=mark)).rows
    assert (row.phone, row.community_id) == (None, None)


@pytest.mark.parametrize("error", WORDS["cells"]["errors"])
@pytest.mark.parametrize(("field", "column"), [("姓名", "B"), ("身份证号", "C"), ("单位", "D"), ("手机", "F")])
def test_the_error_of_a_formula_is_refused_where_it_stands(error: str, field: str, column: str) -> None:
    assert [(each.column, each.code) for each in read(changed(**{field: error})).problems][:1] == [(column, "cell_error")]


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!"])
def test_the_error_of_a_real_formula_is_refused_too(error: str) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, GOOD)
        sheet.write_formula(1, 2, "=VLOOKUP(1,A1:B2,2,0)", None, error)
    assert [(each.row, each.column, each.code) for each in read_roster(target.getvalue(), DIRECTORY).problems] == [(2, "C", "cell_error")]


@pytest.mark.parametrize("last", [60, 3000])
def test_a_unit_merged_over_many_rows_is_the_unit_of_all(last: int) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["单位", "姓名", "政治面貌", "手机"])
        for line in range(1, last + 1):
            sheet.write_row(line, 1, ["柳青", "党员", f"1{line:010d}"])
        sheet.merge_range(1, 0, last, 0, SCHOOL)
    reading = read_roster(target.getvalue(), DIRECTORY)
    assert (len(reading.rows), reading.problems) == (last, ())


def test_formatted_empty_rows_at_the_end_do_not_make_a_roster_too_large() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write_row(1, 0, GOOD)
        sheet.set_row(1_048_575, 30)
        sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))
    assert len(read_roster(target.getvalue(), DIRECTORY).rows) == 1


def renamed(content: bytes, old: str, new: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(target, "w") as other:
        for name in good.namelist():
            other.writestr(name.replace(old, new), good.read(name))
    return target.getvalue()


def test_backslashes_in_the_names_of_parts_are_slashes() -> None:
    assert len(read_roster(renamed(workbook(HEADER, GOOD), "/", "\\"), DIRECTORY).rows) == 1


@pytest.mark.parametrize(
    "marks", ["\u202a{}\u202c", "\u2066{}\u2069", "\u200e{}\u200f", "\ufeff{}", "\u00a0{}\u3000", "\u00ad{}", "\u2060{}"]
)
@pytest.mark.parametrize("field", ["姓名", "身份证号", "单位", "政治面貌", "手机", "居住社区"])
def test_invisible_marks_change_nothing(marks: str, field: str) -> None:
    value = str(dict(zip(HEADER, GOOD, strict=True))[field])
    assert read(changed(**{field: marks.format(value)})).rows == read(GOOD).rows


@pytest.mark.parametrize("separator", [",\t", "\t,", ",", "\t", ";", "|", ";\t"])
def test_text_with_tabs_in_every_cell_is_read(separator: str) -> None:
    content = "\n".join(separator.join(map(str, line)) for line in (HEADER, GOOD)).encode()
    assert [row.name for row in read_roster(content, DIRECTORY).rows] == ["柳青"]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("+86 139 1234 5678", "13912345678"),
        ("+8613912345678", "13912345678"),
        ("86-139-1234-5678", "13912345678"),
        ("0086 13912345678", "13912345678"),
        ("139-1234-5678", "13912345678"),
        ("139 1234 5678", "13912345678"),
        ("139.1234.5678", "13912345678"),
        ("(+86)13912345678", "13912345678"),
        ("13912345678/13812345678", "13912345678"),
        ("13912345678、0579-82345678", "13912345678"),
        ("0579-82345678;13912345678", "13912345678"),
        ("13912345678 13812345678", "13912345678"),
        ("13912345678,13812345678", "13912345678"),
        ("0579-82345678", "0579-82345678"),
        ("(0579)82345678", "0579-82345678"),
        ("+86 0579-8234567", "0579-8234567"),
        ("+86-057982345678", "057982345678"),
        ("１３９１２３４５６７８", "13912345678"),
        (13912345678.0, "13912345678"),
        ("139—1234—5678", "13912345678"),
        ("13912345678\n13812345678", "13912345678"),
    ],
)
def test_telephones_are_read_as_people_write_them(written: object, kept: str) -> None:
    assert [row.phone for row in read(changed(手机=written)).rows] == [kept]


@pytest.mark.parametrize("written", ["13912345678/13812345678", "13912345678、0579-82345678"])
def test_a_second_telephone_is_said_not_to_be_kept(written: str) -> None:
    assert ("further_phone_not_kept", 2, "F") in remarks(read(changed(手机=written)))


@pytest.mark.parametrize("written", ["1391234567", "139123456789", "+86 1391234", "电话", "0579", "12345678", "860579"])
def test_what_is_no_telephone_is_refused(written: str) -> None:
    assert [each.code for each in read(changed(手机=written)).problems] == ["bad_phone"]


def number_of(area: str, born: str, serial: str = "001") -> str:
    stem = f"{area}{born}{serial}"
    return stem + ric.calc_check_digit(stem + "0")


@pytest.mark.parametrize(
    "number",
    [number_of("110105", born) for born in ("20990101", "18000101", "18991231", "20260303", "20260302", "20080303", "19050301")]
    + [number_of(area, "19800101") for area in ("000000", "010101", "100101", "160101", "990101", "910101", "110000"[:2] + "0000")]
    + [number_of("110105", "19800101", "000")],
)
def test_numbers_that_nobody_can_have_are_refused(number: str) -> None:
    reading = read_sheets(table(HEADER, changed(身份证号=number)), DIRECTORY, None, TODAY)
    assert [each.code for each in reading.problems] == ["citizen_number_invalid"]


@pytest.mark.parametrize("number", [number_of("110105", "20080302"), number_of("330702", "19060303"), number_of("990803", "19800101")])
def test_the_youngest_and_the_oldest_are_enrolled(number: str) -> None:
    assert len(read_sheets(table(HEADER, changed(身份证号=number)), DIRECTORY, None, TODAY).rows) == 1


def test_text_of_an_old_workbook_that_cannot_be_decoded_is_named() -> None:
    content = (Path(__file__).parent / "files" / "roster.xls").read_bytes()
    assert b"10000000001" in content
    with pytest.raises(RosterIsGarbled):
        read_workbook(content.replace(b"10000000001", b"1\0" * 5 + b"1"))


@pytest.mark.parametrize("born", ["1985.07", "1985年7月", date(1985, 7, 1), 1985.07, 31229, "6.30", 6.29])
def test_a_column_of_dates_is_named_and_misreads_nothing(born: object) -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm"}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, [*HEADER[:7], "出生年月", "入党时间"])
        sheet.write_row(1, 0, [*GOOD[:7], born, born])
    reading = read_roster(target.getvalue(), DIRECTORY)
    assert reading.rows == tuple(row for row in reading.rows if row.citizen_number == NUMBER)
    assert len(reading.rows) == 1
    assert remarks(reading) >= {("column_not_kept", 0, "H"), ("column_not_kept", 0, "I")}


def test_a_title_and_three_lines_of_header_are_understood() -> None:
    content = table(
        ["云溪区在职党员花名册"],
        ["党员信息", "", "", "单位情况", "联系方式"],
        ["基本情况", "", "", "单位情况", "电话", "", "网络"],
        ["姓名", "身份证号", "政治面貌", "单位", "手机", "固话", "邮箱"],
        ["总合计", "", "1 人"],
        ["柳青", NUMBER, "中共党员", SCHOOL, "10000000001", "0579-82345678", "liu@members.example"],
    )
    reading = read_sheets(content, DIRECTORY)
    (row,) = reading.rows
    assert (row.row, row.phone, row.email) == (6, "10000000001", "liu@members.example")
    assert remarks(reading) >= {("title_line", 1, ""), ("row_without_person", 5, ""), ("column_not_kept", 0, "F")}
    assert not reading.problems


def test_tables_side_by_side_are_both_read() -> None:
    half = ["序号", "姓名", "单位", "政治面貌", "手机"]
    content = table([*half, *half], [1, "柳青", SCHOOL, "党员", "10000000001", 2, "何云帆", SCHOOL, "预备", "10000000002"])
    reading = read_sheets(content, DIRECTORY)
    assert [(row.name, row.row, row.beside) for row in reading.rows] == [("柳青", 2, 0), ("何云帆", 2, 1)]


def test_a_repeated_column_is_named() -> None:
    assert ("column_repeated", 0, "H") in remarks(read(GOOD, header=header_with(备注="手机号码")))


def test_a_line_that_numbers_the_columns_is_no_person() -> None:
    reading = read([1, 2, 3, 4, 5, 6, 7, 8], GOOD)
    assert (len(reading.rows), reading.problems) == (1, ())
    assert ("row_without_person", 2, "") in remarks(reading)


def test_a_workbook_without_any_header_says_so() -> None:
    with pytest.raises(RosterHasNoHeader):
        read_roster(book({"一": [["甲"]], "二": [["乙"]]}), DIRECTORY)


def test_a_far_filled_cell_is_too_large() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        sheet.write(1_048_575, 0, "合计")
    with pytest.raises(RosterTooLarge):
        read_roster(target.getvalue(), DIRECTORY)


@pytest.mark.parametrize("name", ["张\ue863", "⻢⼾明", "柳\u200e青"])
def test_a_name_is_kept_in_characters(name: str) -> None:
    (row,) = read(changed(姓名=name)).rows
    assert row.name == {"张\ue863": "张\u4dae", "⻢⼾明": "马户明", "柳\u200e青": "柳青"}[name]


def test_a_name_that_cannot_be_printed_is_said() -> None:
    assert ("name_not_printable", 2, "B") in remarks(read(changed(姓名="张\ue123")))


def test_occupations_have_their_words() -> None:
    assert set(OCCUPATIONS.values()) == set(OccupationGroup)
    assert make_roster.GROUP_NAMES.keys() == {each.name for each in OccupationGroup}


def test_a_table_that_begins_further_right_and_below_keeps_its_places() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(4, 3, HEADER)
        sheet.write_row(5, 3, changed(手机="1"))
    assert [(each.row, each.column) for each in read_roster(target.getvalue(), DIRECTORY).problems] == [(6, "I")]
