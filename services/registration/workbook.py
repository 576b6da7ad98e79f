"""A workbook from outside, opened safely: bytes → the rows of its first visible sheet with their merged cells filled.

Invariant: nothing is unpacked, and no grid is laid out, before its size is known to be small. calamine lays out the whole rectangle of used
cells, so one stray cell at XFD1048576 would otherwise ask for hundreds of gigabytes.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from shared.decider import DomainError

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 60 * 1024 * 1024
MAX_PARTS: Final = 500
MAX_ROWS: Final = 20_000
MAX_COLUMNS: Final = 200
HEADER_DEPTH: Final = 30  # merged cells matter in the head of the sheet only

OLE_SIGNATURE: Final = b"\xd0\xcf\x11\xe0"
REFERENCE: Final = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,9})["']""")
CHUNK: Final = 1 << 20
OVERLAP: Final = 32

Cell = object
Grid = list[list[Cell]]


class RosterNotAWorkbook(DomainError):
    """The file is not an .xlsx workbook; save it as Excel workbook (.xlsx) and send it again."""


class RosterIsLocked(DomainError):
    """The workbook is protected by a password; remove it and send the file again."""


class RosterTooLarge(DomainError):
    """The workbook is too large; send at most 20,000 rows and 5 MB at a time."""


def read_grid(content: bytes) -> Grid:
    """Rows of the first visible worksheet from row 1 on. Raises RosterNotAWorkbook, RosterIsLocked or RosterTooLarge."""
    if len(content) > MAX_BYTES:
        raise RosterTooLarge(bytes=len(content))
    if content.startswith(OLE_SIGNATURE):
        # An old .xls, or an .xlsx encrypted into an OLE container.
        raise RosterIsLocked if b"E\x00n\x00c\x00r\x00y\x00p\x00t" in content else RosterNotAWorkbook
    try:
        _refuse_bombs(content)
        return _read(content)
    except PasswordError:
        raise RosterIsLocked from None
    except (CalamineError, zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        # zipfile and calamine raise all of these for damaged or foreign files.
        raise RosterNotAWorkbook from None


def _refuse_bombs(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
            raise RosterTooLarge
        if "xl/workbook.xml" not in {part.filename for part in parts}:
            raise RosterNotAWorkbook
        unpacked = 0
        for part in parts:
            if part.filename.startswith("xl/worksheets/"):
                for piece in _pieces(archive, part):
                    unpacked += len(piece)
                    if unpacked > MAX_UNPACKED_BYTES:  # a header may lie about file_size
                        raise RosterTooLarge
                    _refuse_far_cells(piece)


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


def _read(content: bytes) -> Grid:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        if not visible:
            raise RosterNotAWorkbook
        sheet = workbook.get_sheet_by_name(visible[0])
        grid: Grid = [list(row) for row in sheet.to_python(skip_empty_area=False)]
        if len(grid) > MAX_ROWS:
            raise RosterTooLarge(rows=len(grid))
        _fill_merged(grid, sheet.merged_cell_ranges or [])
        return grid


def _fill_merged(grid: Grid, ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Copy the first cell of a merged range in the head of the sheet into all its cells."""
    for (top, left), (bottom, right) in ranges:
        if top >= min(HEADER_DEPTH, len(grid)) or left >= len(grid[top]):
            continue
        for row in grid[top : min(bottom, HEADER_DEPTH) + 1]:
            for column in range(left, min(right + 1, len(row))):
                row[column] = grid[top][left]
