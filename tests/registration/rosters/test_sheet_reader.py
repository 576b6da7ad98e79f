"""What the process that opens workbooks says of them: sheets, cells, hidden rows, errors of formulas, or why it does not read them.

The limits stand where they are said to stand: the largest workbook that is read, and one cell more.
"""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from services.registration.rosters.sheet_reader import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, MAX_UNPACKED, read

FILES = Path(__file__).parent / "files"
NOT_A_WORKBOOK, LOCKED, TOO_LARGE = ({"refused": why} for why in ("not_a_workbook", "locked", "too_large"))
ERRORS = ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"]
Filled = Callable[[Worksheet], object]


def book(*sheets: Filled) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}) as made:
        for fill in sheets:
            fill(made.add_worksheet())
    return target.getvalue()


def rows_of(content: bytes, sheet: int = 0) -> Any:
    return sheets_of(content)[sheet]["rows"]


def sheets_of(content: bytes) -> Any:
    return read(content)["sheets"]


def rewritten(content: bytes, part: str, *changes: tuple[str, str]) -> bytes:
    """The archive with other words in one of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as good, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as other:
        for name in good.namelist():
            text = good.read(name)
            if name == part:
                for old, new in changes:
                    assert old.encode() in text
                    text = text.replace(old.encode(), new.encode())
            other.writestr(name, text)
    return target.getvalue()


def test_cells_stand_where_they_stand_in_the_workbook_and_keep_their_kind() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.write_row(2, 1, ["柳青", 7, 1.5, True])
        sheet.write_datetime(3, 1, datetime(2026, 3, 2))  # noqa: DTZ001 - workbooks know no zones

    rows = rows_of(book(fill))
    assert rows == [["", "柳青", 7.0, 1.5, True], ["", date(2026, 3, 2), "", "", ""]] or rows[2] == ["", "柳青", 7.0, 1.5, True]


def test_sheets_come_in_their_order_and_hidden_ones_and_charts_are_marked() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        for name in ("一", "藏", "深藏"):
            made.add_worksheet(name).write(0, 0, name)
        made.get_worksheet_by_name("藏").hide()
        made.get_worksheet_by_name("深藏").very_hidden()
        chart = made.add_chart({"type": "column"})
        chart.add_series({"values": "=一!$A$1:$A$2"})
        made.add_chartsheet("图").set_chart(chart)
        made.add_worksheet("空")
    sheets = sheets_of(target.getvalue())
    assert [(each["name"], each["is_hidden"], each.get("is_chart", False), each["rows"]) for each in sheets] == [
        ("一", False, False, [["一"]]),
        ("藏", True, False, [["藏"]]),
        ("深藏", True, False, [["深藏"]]),
        ("图", False, True, []),
        ("空", False, False, []),
    ]
    assert [each["hidden_rows"] for each in sheets] == [0] * 5


def test_merged_cells_come_out_filled_and_their_neighbours_do_not() -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.write_row(0, 0, ["a", "b", "c", "d"])
        sheet.merge_range(1, 1, 3, 2, "育光小学")
        sheet.merge_range(5, 0, 5, 3, "合计")
        sheet.write(4, 3, "e")

    assert rows_of(book(fill)) == [
        ["a", "b", "c", "d"],
        ["", "育光小学", "育光小学", ""],
        ["", "育光小学", "育光小学", ""],
        ["", "育光小学", "育光小学", ""],
        ["", "", "", "e"],
        ["合计"] * 4,
    ]


@pytest.mark.parametrize("place", ["A9:C12", "F1:H1", "F9:H9", "C1:Z1", "A2:A99", "A3:B4", "D1:E1"])
def test_a_merged_range_outside_what_is_filled_changes_nothing_else(place: str) -> None:
    plain = book(lambda sheet: (sheet.write_row(0, 0, ["甲", "乙", "丙"]), sheet.write_row(1, 0, ["丁", "戊", "己"])))
    moved = rewritten(
        plain, "xl/worksheets/sheet1.xml", ("</sheetData>", f'</sheetData><mergeCells count="1"><mergeCell ref="{place}"/></mergeCells>')
    )
    assert rows_of(moved) == [["甲", "乙", "丙"], ["丁", "戊", "己"]]


def test_a_range_at_the_right_edge_is_filled_to_its_last_row() -> None:
    content = book(lambda sheet: (sheet.write_row(0, 0, range(9)), sheet.write(4, 0, "x"), sheet.merge_range(1, 8, 4, 8, "y")))
    assert [row[8] for row in rows_of(content)] == [8.0, "y", "y", "y", "y"]


def test_ranges_that_lie_over_one_another_end_when_as_many_cells_are_filled_as_there_are() -> None:
    plain = book(lambda sheet: [sheet.write_row(line, 0, [line, "", ""]) for line in range(3)] and sheet.write(2, 2, "z"))
    merged = "".join('<mergeCell ref="A1:C3"/>' for _ in range(1000))
    content = rewritten(plain, "xl/worksheets/sheet1.xml", ("</sheetData>", f"</sheetData><mergeCells>{merged}</mergeCells>"))
    assert rows_of(content) == [[0.0] * 3] * 3


@pytest.mark.parametrize("mark", ['hidden="1"', 'hidden="true"', "hidden='1'", "hidden='true'"])
def test_hidden_rows_are_counted_in_the_sheet_where_they_are(mark: str) -> None:
    def fill(sheet: Worksheet) -> None:
        for line in range(4):
            sheet.write(line, 0, "x")

    def fill_and_hide(sheet: Worksheet) -> None:
        fill(sheet)
        for line in (1, 3):
            sheet.set_row(line, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})

    content = rewritten(book(fill, fill_and_hide), "xl/worksheets/sheet2.xml", ('hidden="1"', mark))
    assert [each["hidden_rows"] for each in sheets_of(content)] == [0, 2]


@pytest.mark.parametrize("error", ERRORS)
def test_the_error_of_a_formula_stands_in_its_cell(error: str) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.write_row(0, 0, range(30))
        sheet.write_formula(1, 2, "=A1", None, error)
        sheet.write_formula(2, 27, "=A1", None, error)  # column AB
        sheet.write_formula(2, 3, "=A1", None, 5)

    rows = rows_of(book(fill))
    filled = {(line, column): cell for line, row in enumerate(rows[1:], 1) for column, cell in enumerate(row) if cell != ""}
    assert filled == {(1, 2): error, (2, 27): error, (2, 3): 5.0}


def test_an_error_without_words_is_one_too() -> None:
    content = book(
        lambda sheet: (sheet.write_row(0, 0, ["a", "b"]), sheet.write_formula(1, 1, "=A1", None, "#REF!"), sheet.write(2, 1, "c"))
    )
    bare = rewritten(content, "xl/worksheets/sheet1.xml", ("<v>#REF!</v>", "<v></v>"))
    assert rows_of(bare) == [["a", "b"], ["", "#N/A"], ["", "c"]]
    quoted = rewritten(content, "xl/worksheets/sheet1.xml", ('t="e"', "t='e'"))
    assert rows_of(quoted) == [["a", "b"], ["", "#REF!"], ["", "c"]]


@pytest.mark.parametrize("place", [(5, 1), (0, 5), (5, 5), (1, 0), (0, 2)])
def test_an_error_beside_or_below_everything_else_stands_there_and_without_words_is_nothing(place: tuple[int, int]) -> None:
    content = book(lambda sheet: (sheet.write_row(0, 0, ["a", "b"]), sheet.write_formula(*place, "=A1", None, "#N/A")))
    assert rows_of(content)[place[0]][place[1]] == "#N/A"
    assert rows_of(rewritten(content, "xl/worksheets/sheet1.xml", ("<v>#N/A</v>", "<v></v>"))) == [["a", "b"]]


FORMULA = b"\x03\0\0\0\0\0\xff\xff"  # an empty text as result


@pytest.mark.parametrize(
    ("result", "cell"),
    [
        (FORMULA, ""),
        (b"\x02\0\x2a\0\0\0\xff\xff", "#N/A"),
        (b"\x02\0\x17\0\0\0\xff\xff", "#REF!"),
        (b"\x01\0\x01\0\0\0\xff\xff", True),
        (b"\x02\0\x2a\0\0\0\xff\x3f", None),  # a number that begins as an error does
    ],
)
def test_the_result_of_a_formula_in_an_old_workbook_is_an_error_or_none(result: bytes, cell: object) -> None:
    found = sheets_of(patched(FORMULA, result))[1]["rows"][1][2]
    assert found == cell or (cell is None and isinstance(found, float))


def test_an_old_workbook_tells_hidden_rows_and_errors_of_each_sheet() -> None:
    first, second, third = sheets_of((FILES / "hidden.xls").read_bytes())
    assert (third["name"], third["is_hidden"], third["hidden_rows"]) == ("藏", True, 1)
    assert (first["name"], first["hidden_rows"], first["rows"][3][1:]) == ("机关", 2, ["林予安", "", "#N/A", "中共党员", "10000000003"])
    assert (second["name"], second["hidden_rows"], second["rows"][1][4:]) == ("学校", 0, ["预备党员", "#REF!"])
    assert [row[1] for row in first["rows"]] == ["姓名", "柳青", "何云帆", "林予安"]


def patched(old: bytes, new: bytes) -> bytes:
    content = (FILES / "hidden.xls").read_bytes()
    assert len(old) == len(new)
    assert content.count(old) == 1
    return content.replace(old, new)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (0x00, "#NULL!"),
        (0x07, "#DIV/0!"),
        (0x0F, "#VALUE!"),
        (0x17, "#REF!"),
        (0x1D, "#NAME?"),
        (0x24, "#NUM!"),
        (0x2A, "#N/A"),
        (0x2B, "#N/A"),
    ],
)
def test_every_error_of_an_old_workbook_has_its_name(code: int, error: str) -> None:
    first, *_ = sheets_of(patched(b"\x2a\x01", bytes((code, 1))))
    assert first["rows"][3][3] == error


def test_the_truth_value_of_an_old_workbook_is_no_error() -> None:
    first, *_ = sheets_of(patched(b"\x2a\x01", b"\x01\x00"))
    assert first["rows"][3][3] is True


def test_the_error_of_a_formula_in_open_document_stands_in_its_cell() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>何云帆</text:p></table:table-cell>'
    error = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error">'
        "<text:p>#N/A</text:p></table:table-cell>"
    )
    rows = rows_of(rewritten((FILES / "roster.ods").read_bytes(), "content.xml", (cell, error)))
    assert [row[1] for row in rows[1:5]] == ["姓名", "柳青", "#N/A", "林予安"]


@pytest.mark.parametrize("mark", ["collapse", "filter"])
def test_hidden_rows_of_open_document_are_counted(mark: str) -> None:
    content = (FILES / "roster.ods").read_bytes()
    assert sheets_of(content)[0]["hidden_rows"] == 0
    row = '<table:table-row><table:table-cell office:value-type="string"><text:p>3</text:p>'
    hidden = rewritten(content, "content.xml", (row, row.replace("-row>", f'-row table:visibility="{mark}">')))
    assert sheets_of(hidden)[0]["hidden_rows"] == 1
    assert rows_of(hidden) == rows_of(content)


def test_what_a_password_protects_is_said_to_be_locked() -> None:
    assert read((FILES / "locked.xlsx").read_bytes()) == LOCKED
    assert read(patched(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00")) == LOCKED
    sealed = ("</manifest:manifest>", "<manifest:encryption-data/></manifest:manifest>")
    assert read(rewritten((FILES / "roster.ods").read_bytes(), "META-INF/manifest.xml", sealed)) == LOCKED


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (FILES / "roster.xls").read_bytes()[:2000]])
def test_what_is_no_workbook_is_said_to_be_none(content: bytes) -> None:
    assert read(content) == NOT_A_WORKBOOK


def test_backslashes_between_folders_are_read_as_slashes() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(lambda sheet: sheet.write(0, 0, "x")))) as good, zipfile.ZipFile(target, "w") as other:
        for name in good.namelist():
            other.writestr(name.replace("/", "\\"), good.read(name))
    assert rows_of(target.getvalue()) == [["x"]]


def corner(*places: tuple[int, int]) -> Filled:
    def fill(sheet: Worksheet) -> None:
        sheet.write(0, 0, "x")
        for row, column in places:
            sheet.write(row, column, "x")

    return fill


@pytest.mark.parametrize("place", [(MAX_ROWS - 1, 0), (0, MAX_COLUMNS - 1), (MAX_CELLS // MAX_COLUMNS - 1, MAX_COLUMNS - 1)])
def test_the_largest_sheet_is_read_and_a_larger_one_is_not(place: tuple[int, int]) -> None:
    row, column = place
    rows = rows_of(book(corner(place)))
    assert (len(rows), len(rows[0]), rows[row][column]) == (row + 1, column + 1, "x")
    larger = (row, column + 1) if column + 1 == MAX_COLUMNS and row == 0 else (row + 1, column)
    assert read(book(corner(larger))) == TOO_LARGE


def test_all_sheets_together_have_a_limit_of_cells() -> None:
    half = corner((MAX_CELLS // MAX_COLUMNS // 2 - 1, MAX_COLUMNS - 1))
    assert len(sheets_of(book(half, half))) == 2
    assert read(book(half, half, corner())) == TOO_LARGE


def test_all_cells_together_have_a_limit_of_text() -> None:
    most = 32_767  # signs in a cell of Excel

    def fill(more: int) -> Filled:
        def filled(sheet: Worksheet) -> None:
            for line in range(MAX_TEXT // most):
                sheet.write_string(line, 0, "长" * most)
            sheet.write_string(MAX_TEXT // most, 0, "长" * (MAX_TEXT % most + more))
            sheet.write_number(MAX_TEXT // most, 1, 12345)

        return filled

    assert len(rows_of(book(fill(0)))) == MAX_TEXT // most + 1
    assert read(book(fill(1))) == TOO_LARGE


def test_all_parts_together_have_a_limit_whatever_the_archive_says_of_them() -> None:
    plain = book(lambda sheet: sheet.write(0, 0, "x"))
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        left = MAX_UNPACKED - sum(part.file_size for part in archive.infolist())

    def padded(size: int) -> bytes:
        target = io.BytesIO(plain)
        with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("padding", b"\0" * size)
        return target.getvalue()

    assert rows_of(padded(left)) == [["x"]]
    assert read(padded(left + 1)) == TOO_LARGE
