"""Workbooks that leave the house: the answer to a roster, and every list as a sheet.

Invariant: what is text stays text (a number of 18 digits keeps them all, nothing becomes a formula or a link), and a text that looks like a
formula is disarmed, because the sheet goes from one computer to the next and may be saved as csv there.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]  # it has annotations, no stubs
from xlsxwriter.format import Format  # pyright: ignore[reportMissingTypeStubs]  # it has annotations, no stubs
from xlsxwriter.worksheet import Worksheet  # pyright: ignore[reportMissingTypeStubs]  # it has annotations, no stubs

from services.registration.roster import RosterProblem
from shared.texts import text

PROBLEM_COLUMNS: Final = (("行号", 8), ("列", 6), ("栏目", 18), ("原因与处理办法", 60), ("Reason", 60), ("代码", 28))
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME: Final = 31  # of a sheet
OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `columns`: heading and width in signs. With a `note` (who took it, when) title and note stand above the headings."""

    title: str
    columns: Sequence[tuple[str, int]]
    rows: Sequence[Sequence[str | int]]
    note: str = ""


def workbook_of(sheets: Iterable[Sheet]) -> bytes:
    """An .xlsx workbook: texts as text, counts as numbers. A few seconds of one core for 20,000 rows: call it in a thread."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#F2DCDB"})  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        for sheet in sheets:
            _write(workbook.add_worksheet(NOT_IN_A_NAME.sub(" ", sheet.title)[:LONGEST_NAME]), sheet, head, wrapped)  # pyright: ignore[reportUnknownMemberType]  # partly annotated
    return target.getvalue()


def _write(page: Worksheet, sheet: Sheet, head: Format, wrapped: Format) -> None:
    top = 0
    if sheet.note:
        page.write_string(0, 0, disarmed(sheet.title))
        page.write_string(1, 0, disarmed(sheet.note))
        page.set_footer(f"&L{sheet.note.replace('&', '&&')}&R&P/&N")  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        top = 2
    for column, (heading, width) in enumerate(sheet.columns):
        page.set_column(column, column, width)
        page.write_string(top, column, disarmed(heading), head)
    page.freeze_panes(top + 1, 0)
    for line, row in enumerate(sheet.rows, start=top + 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(line, column, value)
            else:
                page.write_string(line, column, disarmed(value), wrapped)


def build_error_sheet(problems: Iterable[RosterProblem]) -> bytes:
    """An .xlsx workbook with one line per problem, in the order of the roster: row, column and reason in words an office can act on."""
    rows: list[tuple[str, ...]] = []
    for problem in problems:
        reason = text("registration", "labels", f"roster_{problem.code}")
        rows.append((str(problem.row), problem.column, problem.header, reason.zh, reason.en, problem.code))
    return workbook_of([Sheet("未导入的行", PROBLEM_COLUMNS, rows)])


def disarmed(value: str) -> str:
    """`value` with an apostrophe before a sign that spreadsheets take for the start of a formula."""
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
