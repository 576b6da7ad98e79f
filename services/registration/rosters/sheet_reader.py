"""Run as a process of its own: a workbook on stdin → one line of JSON with the first visible sheet, or the reason why there is none.

Invariant: whatever the file makes calamine do – ask for all memory, never end, crash – happens here and not in the service.
"""

import io
import json
import resource
import sys

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MAX_MEMORY = 1 << 30  # address space in bytes
MAX_SECONDS = 10  # of processor time


def read(content: bytes) -> dict[str, object]:
    """`{"grid", "merged"}`, or `{"refused": "locked" | "not_a_workbook"}`."""
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            visible = [
                sheet.name
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
            ]
            if not visible:
                return {"refused": "not_a_workbook"}
            sheet = workbook.get_sheet_by_name(visible[0])
            return {"grid": sheet.to_python(skip_empty_area=False), "merged": sheet.merged_cell_ranges or []}
    except PasswordError:
        return {"refused": "locked"}
    except (CalamineError, OSError, ValueError, EOFError):
        return {"refused": "not_a_workbook"}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    json.dump(read(sys.stdin.buffer.read()), sys.stdout, default=str)
