"""A roster from outside, opened safely: bytes (.xlsx, .xls, .ods, .csv) → the rows of its first visible sheet, merged cells filled.

Invariant: nothing is unpacked, and no grid is laid out in this process, before its size is known to be small. calamine lays out the whole
rectangle of used cells, so one stray cell at XFD1048576 would otherwise ask for hundreds of gigabytes: it runs in a process with limits.
"""

import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from services.registration.rosters.separated_text import read_separated
from shared.decider import DomainError

SHEET_READER: Final = Path(__file__).with_name("sheet_reader.py")
READ_WITHIN: Final = 20.0  # seconds
MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 60 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
HEADER_DEPTH: Final = 30  # merged cells matter in the head of the sheet only

OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0"
ZIP_SIGNATURE: Final = b"PK\x03"
ENCRYPTED: Final = "Encrypt".encode("utf-16-le")
SPREADSHEETS: Final = {"xl/workbook.xml", "content.xml"}
REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
CHUNK: Final = 1 << 20
OVERLAP: Final = 32

Cell = object
Grid = list[list[Cell]]


class RosterNotAWorkbook(DomainError):
    """The file is neither a workbook (.xlsx, .xls, .ods) nor text with separators (.csv); save it as Excel workbook and send it again."""


class RosterIsEmpty(DomainError):
    """The file has no cell with anything in it; is it the right one, and was it saved?."""


class RosterIsLocked(DomainError):
    """The workbook is protected by a password; remove it and send the file again."""


class RosterTooLarge(DomainError):
    """The workbook is too large: at most 20,000 rows and 5 MB; if it holds little, delete formatted empty areas."""


def read_grid(content: bytes) -> Grid:
    """Rows of the first visible worksheet from row 1 on. The kind of a file is recognised by its first bytes, never by its name.

    Raises RosterNotAWorkbook, RosterIsEmpty, RosterIsLocked, RosterTooLarge, RosterEncodingUnknown or RosterQuoteNotClosed.
    """
    if len(content) > MAX_BYTES:
        raise RosterTooLarge(bytes=len(content))
    if not content.strip():
        raise RosterIsEmpty
    if content.startswith(OLE_SIGNATURE):
        # An old .xls, or an .xlsx encrypted into an OLE container.
        if ENCRYPTED in content:
            raise RosterIsLocked
        grid = _sheet(content)
    elif content.startswith(ZIP_SIGNATURE):
        _refuse_bombs(content)
        grid = _sheet(content)
    else:
        grid = read_separated(content)
    if grid is None:
        raise RosterNotAWorkbook
    if len(grid) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in grid):
        raise RosterTooLarge(rows=len(grid))
    if not any(str(cell).strip() for row in grid for cell in row):
        raise RosterIsEmpty
    return grid


def _sheet(content: bytes) -> Grid | None:
    """The sheet as calamine reads it, in a process that may not outgrow its limits."""
    command = [sys.executable, "-I", str(SHEET_READER)]
    try:
        ended = subprocess.run(command, input=content, capture_output=True, timeout=READ_WITHIN, check=False)  # noqa: S603 - our own script
    except subprocess.TimeoutExpired:
        raise RosterTooLarge from None
    if ended.returncode < 0:  # stopped by one of its limits
        raise RosterTooLarge
    if ended.returncode > 0:  # calamine panicked: a damaged file
        return None
    answer: dict[str, Any] = json.loads(ended.stdout)
    if answer.get("refused") == "locked":
        raise RosterIsLocked
    if "grid" not in answer:
        return None
    grid: Grid = answer["grid"]
    _fill_merged(grid, answer["merged"])
    return grid


def _refuse_bombs(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise RosterTooLarge
            if not SPREADSHEETS & {part.filename for part in parts}:
                raise RosterNotAWorkbook
            unpacked = 0
            for part in parts:
                if part.filename.startswith("xl/worksheets/"):
                    for piece in _pieces(archive, part):
                        unpacked += len(piece)
                        if unpacked > MAX_UNPACKED_BYTES:  # a header may lie about file_size
                            raise RosterTooLarge
                        _refuse_far_cells(piece)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        # zipfile raises all of these for damaged or foreign files.
        raise RosterNotAWorkbook from None


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(part) as stream:
        tail = b""
        while chunk := stream.read(CHUNK):
            yield tail + chunk
            tail = chunk[-OVERLAP:]


def _refuse_far_cells(piece: bytes) -> None:
    for match in REFERENCE.finditer(piece):
        if int(match[2]) > MAX_ROWS or _column_number(match[1]) > MAX_COLUMNS:
            raise RosterTooLarge(cell=match[0][:20].decode("ascii", "replace"))


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def column_letter(index: int) -> str:
    """Excel's name of the column with this index from 0: 0 → "A", 26 → "AA"."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _fill_merged(grid: Grid, ranges: list[list[list[int]]]) -> None:
    """Copy the first cell of a merged range in the head of the sheet into all its cells."""
    for (top, left), (bottom, right) in ranges:
        if top >= min(HEADER_DEPTH, len(grid)) or left >= len(grid[top]):
            continue
        for row in grid[top : min(bottom, HEADER_DEPTH) + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = grid[top][left]
