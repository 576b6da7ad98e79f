"""The answer to a roster: a workbook that names row, column and reason of every refused row, in words an office can act on.

Invariant: every cell is text; a header that looks like a formula is disarmed, because the sheet goes from one computer to the next.
"""

import io
from collections.abc import Iterable
from typing import Final

import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]  # it has annotations, no stubs

from services.registration.roster import RosterProblem
from shared.texts import text

COLUMNS: Final = (("行号", 8), ("列", 6), ("栏目", 18), ("原因与处理办法", 60), ("Reason", 60), ("代码", 28))
FORMULA_SIGNS: Final = ("=", "+", "-", "@", "\t", "\r")


def build_error_sheet(problems: Iterable[RosterProblem]) -> bytes:
    """An .xlsx workbook with one line per problem, in the order of the roster."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("未导入的行")  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        head = workbook.add_format({"bold": True, "bg_color": "#F2DCDB"})  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})  # pyright: ignore[reportUnknownMemberType]  # partly annotated
        for column, (title, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, title, head)
        sheet.freeze_panes(1, 0)
        for line, problem in enumerate(problems, start=1):
            reason = text("registration", "labels", f"roster_{problem.code}")
            for column, value in enumerate((str(problem.row), problem.column, problem.header, reason.zh, reason.en, problem.code)):
                sheet.write_string(line, column, disarmed(value), wrapped)
    return target.getvalue()


def disarmed(value: str) -> str:
    """`value` with an apostrophe before a sign that spreadsheets take for the start of a formula."""
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value
