"""Workbooks for download: every list and report as a sheet.

Invariant: text stays text (a number of 18 digits keeps them all, nothing becomes a formula or a link), and a text that looks like a
formula is escaped, because the sheet is passed on and may be saved as CSV elsewhere.
"""

import asyncio
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi import Response

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # pyright: ignore[reportMissingTypeStubs]  # it has annotations, no stubs
    from xlsxwriter.worksheet import Worksheet  # pyright: ignore[reportMissingTypeStubs]  # it has annotations, no stubs

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORKBOOK: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {XLSX: {}}}}
WIDTH: Final = 16
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")
NOT_IN_A_NAME: Final = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME: Final = 31  # of a sheet
OPTIONS: Final = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table. `columns`: headings, optionally with a width in characters; empty for a sheet without headings.

    With a `note` (who downloaded it, when) the title and the note are written above the headings.
    """

    title: str
    columns: Sequence[str | tuple[str, int]]
    rows: Sequence[Sequence[str | int]]
    note: str = ""


async def workbook_answer(name: str, sheets: Sequence[Sheet]) -> Response:
    """The workbook as a download named `{name}.xlsx`; made in a thread, because 20,000 rows take some seconds of one core."""
    content = await asyncio.to_thread(workbook_of, sheets)
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})


def workbook_of(sheets: Sequence[Sheet]) -> bytes:
    """An .xlsx workbook: texts as text, counts as numbers."""
    import xlsxwriter  # noqa: PLC0415  # pyright: ignore[reportMissingTypeStubs]  # imported only by services that make workbooks

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#F2DCDB"})  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        for sheet in sheets:
            _write(workbook.add_worksheet(NOT_IN_A_NAME.sub(" ", sheet.title)[:LONGEST_NAME]), sheet, head, wrapped)  # pyright: ignore[reportUnknownMemberType]  # partly annotated
    return target.getvalue()


def _write(page: "Worksheet", sheet: Sheet, head: "Format", wrapped: "Format") -> None:
    top = 0
    if sheet.note:
        page.write_string(0, 0, disarmed(sheet.title))
        page.write_string(1, 0, disarmed(sheet.note))
        page.set_footer(f"&L{sheet.note.replace('&', '&&')}&R&P/&N")  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        top = 2
    for column, given in enumerate(sheet.columns):
        heading, width = (given, WIDTH) if isinstance(given, str) else given
        page.set_column(column, column, width)
        page.write_string(top, column, disarmed(heading), head)
    if sheet.columns:
        top += 1
        page.freeze_panes(top, 0)
    for line, row in enumerate(sheet.rows, start=top):
        for column, value in enumerate(row):
            if isinstance(value, int):
                page.write_number(line, column, value)
            else:
                page.write_string(line, column, disarmed(value), wrapped)


def disarmed(value: str) -> str:
    """`value`, with an apostrophe in front if a spreadsheet would take its first character for the start of a formula."""
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
