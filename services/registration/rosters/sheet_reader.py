"""Run as a process of its own: a workbook on stdin → one line of JSON with its sheets, or the reason why there are none.

Invariant: whatever the file makes calamine do – ask for all memory, never end, crash, say the same text a million times – happens here and
not in the service. Merged cells come out filled.
"""

import io
import json
import re
import resource
import struct
import sys
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast
from xml.etree import ElementTree as ET

import olefile
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

MAX_MEMORY = 640 << 20  # address space in bytes
MAX_SECONDS = 8  # of processor time
MAX_UNPACKED = 60 << 20
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_CELLS = 1_000_000
MAX_TEXT = 16 << 20  # signs in all cells together
HIDDEN_ROW = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?row\b([^<>]{0,2000})")
HIDDEN_ODS_ROW = re.compile(rb"<table:table-row\b([^<>]{0,2000})|<table:table\s[^<>]{0,2000}")
IS_HIDDEN = (b'hidden="1"', b'hidden="true"', b"hidden='1'", b"hidden='true'")
ODS_HIDDEN = (b'table:visibility="collapse"', b'table:visibility="filter"')
ODS_CELL = re.compile(rb"<table:table-cell\b[^<>]{0,2000}>")
ODS_ERROR = b'calcext:value-type="error"'
ERROR_CELL = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?c\b([^<>]{0,300})>")
IS_ERROR = (b't="e"', b"t='e'")
PLACE = re.compile(rb"""\br=["']([A-Z]{1,3})([0-9]{1,7})["']""")
ERROR_TEXT = re.compile(rb"<(?:[A-Za-z0-9]{1,20}:)?v>([^<>]{0,20})<")
# Records of an old .xls; source: [MS-XLS] 2.4, in its words FilePass, Row, BoundSheet8, BoolErr, Formula and EOF.
END, PASSWORD, SHEET, ROW, CELL_ERROR, FORMULA = 0x0A, 0x2F, 0x85, 0x208, 0x205, 0x06
ROW_IS_HIDDEN, ERROR_OF_FORMULA = 0x20, b"\x02"
XLS_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
LOCKED, TOO_LARGE = "locked", "too_large"
BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, ET.ParseError)  # what the libraries raise for a damaged file, and also
UNREADABLE = (*BROKEN, CalamineError, OSError, ValueError, EOFError, RuntimeError, IndexError)
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Facts(NamedTuple):
    """What calamine does not say of a sheet: how many rows are hidden, and which cells (row, column) hold which error of a formula."""

    hidden_rows: int
    errors: Sequence[tuple[int, int, str]]


class Refusal(Exception):
    """The workbook is not read, for the reason that stands in the argument."""


def read(content: bytes) -> dict[str, object]:
    """`{"sheets": [{"name", "is_hidden", "rows", "hidden_rows"}]}`, or `{"refused": "locked" | "not_a_workbook" | "too_large"}`."""
    try:
        facts = dict[str, Facts]()
        of_xls = list[Facts]()
        if content.startswith(b"PK"):
            content, facts = _unpacked(content)
        elif content.startswith(olefile.MAGIC):
            of_xls = _facts_of_xls(content)
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            facts |= zip(workbook.sheet_names, of_xls, strict=False)
            budget = [MAX_CELLS, MAX_TEXT]
            sheets = [_sheet(workbook, known, facts.get(known.name, Facts(0, ())), budget) for known in workbook.sheets_metadata]
    except PasswordError:
        return {"refused": LOCKED}
    except Refusal as reason:
        return {"refused": reason.args[0]}
    except UNREADABLE:
        return {"refused": "not_a_workbook"}
    return {"sheets": sheets} if sheets else {"refused": "not_a_workbook"}


def _sheet(workbook: CalamineWorkbook, known: Any, facts: Facts, budget: list[int]) -> dict[str, object]:
    if known.typ != SheetTypeEnum.WorkSheet:
        return {"name": known.name, "is_hidden": False, "rows": [], "hidden_rows": 0, "is_chart": True}
    sheet = workbook.get_sheet_by_name(known.name)
    height, width = (0, 0) if sheet.end is None else (sheet.end[0] + 1, sheet.end[1] + 1)
    if height > MAX_ROWS or width > MAX_COLUMNS or height * width > budget[0]:
        raise Refusal(TOO_LARGE)
    budget[0] -= height * width
    rows = _rows(sheet, budget)
    for row, column, error in facts.errors:  # calamine gives empty text for them
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = error
    _fill_merged(rows, sheet.merged_cell_ranges or [])
    return {
        "name": known.name,
        "is_hidden": known.visible != SheetVisibleEnum.Visible,
        "rows": rows,
        "hidden_rows": facts.hidden_rows,
    }


def _rows(sheet: CalamineSheet, budget: list[int]) -> list[list[Any]]:
    """Rows from the first of the sheet on."""
    rows: list[list[Any]] = []
    before = [""] * (sheet.start[1] if sheet.start else 0)
    for row in sheet.iter_rows():  # row by row: stop before all of a swollen sheet is in memory
        budget[1] -= sum(len(cell) for cell in row if isinstance(cell, str))
        if budget[1] < 0:
            raise Refusal(TOO_LARGE)
        rows.append([*before, *row])
    return rows


def _fill_merged(rows: list[list[Any]], ranges: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """Copy the first cell of a merged range into all its cells. Ranges do not overlap: no more cells are filled than there are."""
    left_to_fill = sum(map(len, rows))
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows) or left >= len(rows[top]):
            continue
        value = rows[top][left]
        for row in rows[top : bottom + 1]:
            last = min(right + 1, len(row))
            left_to_fill -= last - left
            if left_to_fill < 0:
                return
            row[left:last] = [value] * (last - left)


def _unpacked(content: bytes) -> tuple[bytes, dict[str, Facts]]:
    """The workbook with the errors of its formulas as text, and facts about each sheet. Every part is unpacked here once: what a header
    says of its size may be a lie.
    """
    parts: dict[str, bytes] = {}
    unpacked = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            with archive.open(info) as stream:
                part = stream.read(MAX_UNPACKED - unpacked + 1)
            unpacked += len(part)
            if unpacked > MAX_UNPACKED:
                raise Refusal(TOO_LARGE)
            parts[info.filename.replace("\\", "/")] = part
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refusal(LOCKED)
    if ODS_ERROR in parts.get("content.xml", b""):  # calamine takes the empty value that stands beside the text of the error
        parts["content.xml"] = ODS_CELL.sub(
            lambda cell: cell[0].replace(b' office:string-value=""', b"") if ODS_ERROR in cell[0] else cell[0], parts["content.xml"]
        )
        content = _zipped(parts)
    facts = _facts_of_ods(parts["content.xml"]) if "content.xml" in parts else _facts_of_xlsx(parts)
    return content, facts


def _zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def _facts_of_xlsx(parts: dict[str, bytes]) -> dict[str, Facts]:
    book, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if not book or not relations:
        return {}
    targets = {each.get("Id"): each.get("Target", "") for each in ET.fromstring(relations)}  # noqa: S314 - within the limits of this process
    facts: dict[str, Facts] = {}
    for each in ET.fromstring(book).iter():  # noqa: S314 - within the limits of this process
        if each.tag.endswith("}sheet"):
            target = targets.get(each.get(RELATION), "").lstrip("/").removeprefix("xl/")
            part = parts.get(f"xl/{target}", b"")
            hidden = sum(any(mark in row[1] for mark in IS_HIDDEN) for row in HIDDEN_ROW.finditer(part)) if b"hidden" in part else 0
            facts[each.get("name", "")] = Facts(hidden, list(_errors(part)))
    return facts


def _errors(part: bytes) -> Iterator[tuple[int, int, str]]:
    if not any(mark in part for mark in IS_ERROR):
        return
    for cell in ERROR_CELL.finditer(part):
        place = PLACE.search(cell[1])
        if place is not None and any(mark in cell[1] for mark in IS_ERROR):
            text = ERROR_TEXT.search(part, cell.end(), cell.end() + 1000)
            yield int(place[2]) - 1, _column(place[1]), (text[1] if text else b"").decode("ascii", "replace") or "#N/A"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _facts_of_xls(content: bytes) -> list[Facts]:
    """Of every sheet in the order of the workbook. Also an .xlsx with a password is in such a container."""
    with cast("Any", olefile).OleFileIO(io.BytesIO(content)) as container:  # its types are incomplete
        if container.exists("EncryptedPackage"):
            raise Refusal(LOCKED)
        stream = next((container.openstream(name).read() for name in ("Workbook", "Book") if container.exists(name)), b"")
    facts: list[Facts] = []
    for kind, data in _records(stream, 0):
        if kind == PASSWORD:
            raise Refusal(LOCKED)
        if kind == SHEET:
            facts.append(_facts_of_old_sheet(stream, int.from_bytes(data[:4], "little")))
    return facts


def _facts_of_old_sheet(stream: bytes, start: int) -> Facts:
    hidden, errors = 0, list[tuple[int, int, str]]()
    for kind, data in _records(stream, start):
        if kind == ROW:
            hidden += bool(data[12] & ROW_IS_HIDDEN)
        elif (kind == CELL_ERROR and data[7]) or (kind == FORMULA and data[12:14] == b"\xff\xff" and data[6:7] == ERROR_OF_FORMULA):
            row, column = struct.unpack_from("<HH", data)
            errors.append((row, column, XLS_ERRORS.get(data[6 if kind == CELL_ERROR else 8], "#N/A")))
    return Facts(hidden, errors)


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """Kind and contents of every record from `place` to the end of its substream."""
    while place < len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == END:
            return
        yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


def _facts_of_ods(content: bytes) -> dict[str, Facts]:
    hidden = Counter[str]()
    name = ""
    for match in HIDDEN_ODS_ROW.finditer(content):
        if match[1] is None:
            name = match[0].partition(b'table:name="')[2].partition(b'"')[0].decode("utf-8", "replace")
        elif any(mark in match[1] for mark in ODS_HIDDEN):
            hidden[name] += 1
    return {name: Facts(rows, ()) for name, rows in hidden.items()}


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    try:
        answer = json.dumps(read(sys.stdin.buffer.read()), default=str, ensure_ascii=False)
    except MemoryError:
        answer = json.dumps({"refused": "too_large"})
    sys.stdout.buffer.write(answer.encode("utf-8", "replace"))
