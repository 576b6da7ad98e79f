"""What is opened at all, up to which size, and how text is cut into cells."""

import io
import zipfile

import pytest
import xlsxwriter

from services.registration.rosters.separated_text import RosterQuoteNotClosed, read_separated
from services.registration.rosters.workbook import (
    MAX_BYTES,
    MAX_COLUMNS,
    MAX_PARTS,
    MAX_ROWS,
    MAX_UNPACKED_BYTES,
    RosterTooLarge,
    is_filled,
    read_workbook,
)


def book(*last_rows: int) -> bytes:
    """A sheet for each number, filled in its first row and in that one."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        for last in last_rows:
            sheet = made.add_worksheet()
            if last:
                sheet.write(0, 0, "x")
                sheet.write(last - 1, 1, "y")
                sheet.write(last, 1, " ")
    return target.getvalue()


def padded(content: bytes, sizes: list[int]) -> bytes:
    target = io.BytesIO(content)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        for number, size in enumerate(sizes):
            archive.writestr(f"padding/{number}", b"\0" * size)
    return target.getvalue()


def parts(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.infolist()


PLAIN = book(1)
LINE = b"x" * 1023 + b"\n"


@pytest.mark.parametrize(
    ("largest", "larger"),
    [
        (LINE * (MAX_BYTES // len(LINE)), LINE * (MAX_BYTES // len(LINE)) + b"x"),
        (b"x,y\n" * MAX_ROWS, b"x,y\n" * (MAX_ROWS + 1)),
        (b"," * (MAX_COLUMNS - 1) + b"x\ny", b"," * MAX_COLUMNS + b"x\ny"),
        (book(MAX_ROWS // 2, MAX_ROWS // 2), book(MAX_ROWS // 2, MAX_ROWS // 2 + 1)),
        (padded(PLAIN, [0] * (MAX_PARTS - len(parts(PLAIN)))), padded(PLAIN, [0] * (MAX_PARTS - len(parts(PLAIN)) + 1))),
        (
            padded(PLAIN, [MAX_UNPACKED_BYTES - sum(part.file_size for part in parts(PLAIN))]),
            padded(PLAIN, [MAX_UNPACKED_BYTES - sum(part.file_size for part in parts(PLAIN)) + 1]),
        ),
    ],
    ids=["bytes", "rows", "columns", "rows of two sheets", "parts", "unpacked"],
)
def test_the_largest_file_is_opened_and_a_larger_one_is_not(largest: bytes, larger: bytes) -> None:
    assert read_workbook(largest)
    with pytest.raises(RosterTooLarge):
        read_workbook(larger)


def test_empty_rows_at_the_end_are_no_rows_and_those_between_are() -> None:
    assert [sheet.grid for sheet in read_workbook(book(3, 0, 1))] == [[["x", ""], ["", ""], ["", "y"]], [], [["x", "y"]]]
    assert read_workbook(b"a,b\n,\nc,\n,\n , \n")[0].grid == [["a", "b"], ["", ""], ["c", ""]]


def test_blanks_fill_no_cell() -> None:
    assert [is_filled(cell) for cell in (None, "", " ", "\u3000\n", 0, 0.0, False, "x")] == [False] * 4 + [True] * 4
    assert [sheet.filled for sheet in read_workbook(book(3, 0))] == [2, 0]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("甲,乙,丙,丁,戊,己\n姓名\t单位\t手机", [["甲,乙,丙,丁,戊,己"], ["姓名", "单位", "手机"]]),
        ("甲;乙;丙\n丁,戊", [["甲", "乙", "丙"], ["丁,戊"]]),
        ("姓名;乙;丙\n丁,戊", [["姓名", "乙", "丙"], ["丁,戊"]]),
        ("姓名,乙\n丙;丁;戊", [["姓名,乙"], ["丙", "丁", "戊"]]),
        ('"姓名"|"单位"\n"a,b,c"|d,e', [["姓名", "单位"], ["a,b,c", "d,e"]]),
        ("姓名", [["姓名"]]),
        ('a,="001"\n=""1"",b"', [["a", "001"], ['"1"', 'b"']]),
        ('a,="1,b\n', [["a", '="1', "b"]]),
    ],
)
def test_text_is_cut_where_most_labels_are_and_else_at_the_most_frequent_sign(text: str, rows: list[list[str]]) -> None:
    assert read_separated(text.encode()) == rows


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("说明\n" * 29 + "姓名\t单位\t某,人", ["姓名", "单位", "某,人"]),
        ("甲,乙\n" + "说明\n" * 29 + "姓名\t单位", ["姓名\t单位"]),
    ],
)
def test_the_sign_is_looked_for_in_the_first_lines_only(text: str, last: list[str]) -> None:
    rows = read_separated(text.encode())
    assert rows is not None
    assert rows[-1] == last


def test_a_quote_that_is_never_closed_is_named_with_its_line() -> None:
    with pytest.raises(RosterQuoteNotClosed) as refused:
        read_separated('姓名,单位\n柳青,"育光小学\n何云帆,x\n'.encode())
    assert refused.value.facts == {"line": 3}


@pytest.mark.parametrize("content", [b"<html></html>", b"  \n<table>", b"a\0b", b"%PDF\x01"])
def test_what_is_no_text_with_separators_is_none(content: bytes) -> None:
    assert read_separated(content) is None
