"""A roster from outside, opened safely: bytes (.xlsx, .xls, .ods, .csv) → its sheets, merged cells filled.

Invariant: nothing is unpacked, and no grid is laid out in this process, before its size is known to be small. calamine lays out the whole
rectangle of used cells, so one stray cell at XFD1048576 would otherwise ask for hundreds of gigabytes: it runs in a process with limits.
"""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from services.registration.rosters.separated_text import read_separated
from shared.decider import DomainError

SHEET_READER: Final = Path(__file__).with_name("sheet_reader.py")
READ_WITHIN: Final = 12.0  # seconds
MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 60 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200

OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0"
ZIP_SIGNATURE: Final = b"PK\x03"
SPREADSHEETS: Final = {"xl/workbook.xml", "content.xml"}

Cell = object
Grid = list[list[Cell]]


@dataclass(frozen=True, slots=True)
class SheetOfPeople:
    """One sheet of a workbook, or the only one of a text (whose name is empty). `hidden_rows` are in `grid`, too."""

    name: str
    grid: Grid
    is_hidden: bool = False
    hidden_rows: int = 0
    is_chart: bool = False

    @property
    def filled(self) -> int:
        """Cells with anything in them."""
        return sum(is_filled(cell) for row in self.grid for cell in row)


class RosterNotAWorkbook(DomainError):
    """The file is neither a workbook (.xlsx, .xls, .ods) nor text with separators (.csv); save it as Excel workbook and send it again."""


class RosterIsEmpty(DomainError):
    """The file has no cell with anything in it; is it the right one, and was it saved?."""


class RosterIsLocked(DomainError):
    """The workbook is protected by a password; remove it and send the file again."""


class RosterIsGarbled(DomainError):
    """The text of this old .xls workbook cannot be decoded; save it as Excel workbook (.xlsx) and send it again."""


class RosterTooLarge(DomainError):
    """The workbook is too large: at most 20,000 rows and 5 MB; if it holds little, delete formatted empty areas."""


def is_filled(cell: Cell) -> bool:
    """Whether anything stands in a cell."""
    return cell is not None and bool(str(cell).strip())


def read_workbook(content: bytes) -> Sequence[SheetOfPeople]:
    """All sheets, rows from row 1 on. The kind of a file is recognised by its first bytes, never by its name.

    Raises RosterNotAWorkbook, RosterIsEmpty, RosterIsLocked, RosterIsGarbled, RosterTooLarge, RosterEncodingUnknown,
    RosterQuoteNotClosed.
    """
    if len(content) > MAX_BYTES:
        raise RosterTooLarge(bytes=len(content))
    if not content.strip():
        raise RosterIsEmpty
    if content.startswith(OLE_SIGNATURE):
        sheets = _sheets(content)
    elif content.startswith(ZIP_SIGNATURE):
        _refuse_bombs(content)
        sheets = _sheets(content)
    else:
        sheets = _text_as_sheet(content)
    if sum(len(sheet.grid) for sheet in sheets) > MAX_ROWS:
        raise RosterTooLarge(rows=sum(len(sheet.grid) for sheet in sheets))
    if not any(sheet.filled for sheet in sheets):
        raise RosterIsEmpty
    return sheets


def _text_as_sheet(content: bytes) -> Sequence[SheetOfPeople]:
    grid = read_separated(content)
    if grid is None:
        raise RosterNotAWorkbook
    while grid and not any(map(is_filled, grid[-1])):
        grid.pop()
    if any(len(row) > MAX_COLUMNS for row in grid):
        raise RosterTooLarge(rows=len(grid))
    return (SheetOfPeople("", grid),)


def _sheets(content: bytes) -> Sequence[SheetOfPeople]:
    """The sheets as calamine reads them, in a process that may not outgrow its limits."""
    command = [sys.executable, "-I", str(SHEET_READER)]
    try:
        ended = subprocess.run(command, input=content, capture_output=True, timeout=READ_WITHIN, check=False)  # noqa: S603 - our own script
    except subprocess.TimeoutExpired:
        raise RosterTooLarge from None
    if ended.returncode < 0:  # stopped by one of its limits
        raise RosterTooLarge
    if ended.returncode > 0:  # calamine panicked: a damaged file
        raise RosterNotAWorkbook
    answer: dict[str, Any] = json.loads(ended.stdout)
    match answer.get("refused"):
        case None:
            sheets = [_sheet(each) for each in answer["sheets"]]
        case "locked":
            raise RosterIsLocked
        case "too_large":
            raise RosterTooLarge
        case _:
            raise RosterNotAWorkbook
    if any("\0" in cell for sheet in sheets for row in sheet.grid for cell in row if isinstance(cell, str)):
        raise RosterIsGarbled
    return sheets


def _sheet(read: dict[str, Any]) -> SheetOfPeople:
    grid: Grid = read["rows"]
    while grid and not any(map(is_filled, grid[-1])):
        grid.pop()
    return SheetOfPeople(read["name"], grid, read["is_hidden"], read["hidden_rows"], read.get("is_chart", False))


def _refuse_bombs(content: bytes) -> None:
    """By what the archive says of itself; the sheet reader counts what really comes out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        # zipfile raises all of these for damaged or foreign files.
        raise RosterNotAWorkbook from None
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise RosterTooLarge
    if not SPREADSHEETS & {part.filename.replace("\\", "/") for part in parts}:
        raise RosterNotAWorkbook


def column_letter(index: int) -> str:
    """Excel's name of the column with this index from 0: 0 → "A", 26 → "AA"."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
