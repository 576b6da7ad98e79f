"""Rosters made to stop the service: long lines, one text a thousand times, parts in odd places. And the rule over generated rosters."""

import contextlib
import csv
import io
import time
import zipfile
from collections.abc import Mapping
from copy import deepcopy

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from services.registration.rosters.columns import WORDS
from services.registration.rosters.roster import RosterReading, read_roster, read_sheets
from services.registration.rosters.workbook import RosterTooLarge, SheetOfPeople, column_letter
from shared.decider import DomainError
from tests.registration.rosters.test_roster import DIRECTORY, GOOD, HEADER, NUMBER, SCHOOL, workbook

WITHIN = 5.0  # seconds of processor time, under load as well


@pytest.mark.parametrize("sign", ["(", "[", "【", "<", '="', "'", " ", "合", "1-", "+86", "、", "\u202a", "姓名", "(a", "中共"])
def test_a_long_line_of_one_sign_costs_no_time(sign: str) -> None:
    line = sign * (200_000 // len(sign))
    quoted = '"' + line.replace('"', '""') + '"'
    cells = ",".join(f'"{each}"' for each in map(str, GOOD))
    for content in (line, f"{line}\n{line}", f"{','.join(HEADER)}\n{quoted},{cells}", f"{','.join(HEADER)}\n{','.join([quoted] * 8)}"):
        began = time.process_time()
        with contextlib.suppress(DomainError):
            read_roster(content.encode(), DIRECTORY)
        assert time.process_time() - began < WITHIN, sign


def repeated_text(signs: int, cells: int) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADER)
        for index in range(cells):
            sheet.write_string(1 + index // 50, index % 50, "长" * signs)
    return target.getvalue()


@pytest.mark.parametrize(("signs", "cells"), [(30_000, 5_000), (3_000, 50_000), (30_000, 20_000)])
def test_one_text_in_thousands_of_cells_ends_in_the_reader(signs: int, cells: int) -> None:
    content = repeated_text(signs, cells)
    began = time.monotonic()
    with pytest.raises(RosterTooLarge):
        read_roster(content, DIRECTORY)
    assert time.monotonic() - began < 15


def test_a_sheet_in_an_odd_place_is_limited_as_any_other() -> None:
    target = io.BytesIO()
    good = workbook(HEADER, *[GOOD] * 3)
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as moved:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                part = part.replace(b"worksheets/sheet1.xml", b"elsewhere/s.xml")
            if name == "xl/worksheets/sheet1.xml":
                name = "xl/elsewhere/s.xml"  # noqa: PLW2901 - the part moves
                rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(5, 900_000))
                part = part.replace(b"</sheetData>", rows + b"</sheetData>")
            moved.writestr(name, part)
    with pytest.raises(RosterTooLarge):
        read_roster(target.getvalue(), DIRECTORY)


cell = st.one_of(
    st.sampled_from(
        [
            "",
            "",
            "柳青",
            NUMBER,
            SCHOOL,
            "中共党员",
            "预备",
            "10000000001",
            "新风",
            "无",
            "#N/A",
            "合计",
            "注:见附件",
            "手机",
            "姓名",
            "1",
            "2026.3",
        ]
    ),
    st.integers(0, 10**12),
    st.text(alphabet="柳青育光aZ1 ,'\u202a(:#", max_size=6),
)
labels = st.sampled_from([label for words in WORDS["columns"].values() for label in words] + ["", "网格员", "联络方式", "x"])
header = st.lists(labels, max_size=12).map(lambda more: ["姓名", "单位", "政治面貌", *more]).flatmap(st.permutations)
lines = st.lists(st.lists(cell, max_size=16), max_size=6)
sheets = st.lists(st.tuples(lines.filter(lambda rows: len(rows) < 3), st.one_of(header, st.just(["甲"])), lines), min_size=1, max_size=3)


def unaccounted(reading: RosterReading, name: str, rows: list[list[object]]) -> list[tuple[int, int]]:
    """Filled cells of a sheet that were neither read with a person nor refused nor named: (row, column) from 1 and 0."""
    told = {(each.row, each.column) for each in reading.remarks if each.sheet == name}
    whole = {row for row, column in told if not column}
    if 0 in whole and any(each.sheet == name and each.code.startswith("sheet_") for each in reading.remarks):
        return []
    columns = {column for row, column in told if row == 0}
    people = {each.row for each in reading.rows if each.sheet == name} | {each.row for each in reading.problems if each.sheet == name}
    labels = {row for sheet, first, last in reading.headers if sheet == name for row in range(first, last + 1)}
    return [
        (row, column)
        for row, line in enumerate(rows, 1)
        for column, value in enumerate(line)
        if str(value).strip() and not (row in whole or row in people or column_letter(column) in columns or row in labels)
    ]


def told_of(reading: RosterReading, books: Mapping[str, list[list[object]]]) -> None:
    for name, rows in books.items():
        assert name in {each.sheet for each in reading.remarks} | {sheet for sheet, _, _ in reading.headers}
        assert unaccounted(reading, name, rows) == []


@settings(derandomize=True)
@given(sheets)
def test_every_sheet_row_and_filled_cell_is_read_refused_or_named(made: list[tuple[list, list, list]]) -> None:
    books = {f"表{place}": [*above, list(head), *below] for place, (above, head, below) in enumerate(made)}
    with contextlib.suppress(DomainError):
        told_of(read_sheets([SheetOfPeople(name, deepcopy(rows)) for name, rows in books.items()], DIRECTORY), books)


@settings(derandomize=True, max_examples=15)
@given(sheets)
def test_every_sheet_row_and_filled_cell_of_a_workbook_is_read_refused_or_named(made: list[tuple[list, list, list]]) -> None:
    target = io.BytesIO()
    books = {f"表{place}": [*above, list(head), *below] for place, (above, head, below) in enumerate(made)}
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        for name, rows in books.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    with contextlib.suppress(DomainError):
        told_of(read_roster(target.getvalue(), DIRECTORY), books)


@settings(derandomize=True)
@given(lines.filter(lambda rows: len(rows) < 3), header, lines, st.sampled_from([",", "\t", ";"]), st.sampled_from(["utf-8", "gb18030"]))
def test_every_row_and_filled_cell_of_a_text_is_read_refused_or_named(
    above: list[list[object]], head: list[str], below: list[list[object]], separator: str, encoding: str
) -> None:
    rows = [*above, list(head), *below]
    target = io.StringIO()
    csv.writer(target, delimiter=separator).writerows(rows)
    try:
        reading = read_roster(target.getvalue().encode(encoding), DIRECTORY)
    except DomainError:
        return
    assert unaccounted(reading, "", rows) == []
