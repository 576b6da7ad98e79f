"""A roster as offices make it (titles, several lines of header, several sheets, sums, footnotes) → good rows, problems and remarks. Pure.

Invariant: every sheet, row and filled cell is read, refused with row, column and reason, or named in a remark; one bad row never stops the
others. Problems and remarks never repeat what a cell below a header says: cells hold personal data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from services.registration.personal_fields import key
from services.registration.rosters.header import Header, RosterHasNoHeader, RosterHeaderIncomplete, find_headers
from services.registration.rosters.lines import is_person
from services.registration.rosters.row_reader import Directory, Place, Remark, RosterProblem, RosterRow, RowReader, Unit
from services.registration.rosters.values import community_key, unit_in
from services.registration.rosters.workbook import Cell, SheetOfPeople, column_letter, is_filled, read_workbook
from shared.decider import DomainError

LONGEST_SHOWN: Final = 60  # signs of a label


@dataclass(frozen=True, slots=True)
class RosterReading:
    """What a file says: good rows, every problem of the others, and what else is to be known. `total` counts both kinds of rows; `headers`:
    sheet, first and last row of the labels.
    """

    rows: tuple[RosterRow, ...]
    problems: tuple[RosterProblem, ...]
    total: int
    remarks: tuple[Remark, ...] = ()
    headers: tuple[tuple[str, int, int], ...] = ()


@dataclass(slots=True)
class _Found:
    rows: list[RosterRow] = field(default_factory=list[RosterRow])
    problems: list[RosterProblem] = field(default_factory=list[RosterProblem])
    remarks: list[Remark] = field(default_factory=list[Remark])
    seen: set[str] = field(default_factory=set[str])
    headers: list[tuple[str, int, int]] = field(default_factory=list[tuple[str, int, int]])
    total: int = 0


def read_roster(content: bytes, directory: Directory, mapping: Mapping[str, str] | None = None, today: date | None = None) -> RosterReading:
    """Read a roster (.xlsx, .xls, .ods, .csv) as `read_sheets` does.

    Raises DomainErrors for the file as a whole: not readable, too large, no sheet with a usable header.
    """
    return read_sheets(read_workbook(content), directory, mapping, today)


def read_sheets(
    sheets: Sequence[SheetOfPeople], directory: Directory, mapping: Mapping[str, str] | None = None, today: date | None = None
) -> RosterReading:
    """Read the sheets of a roster. `mapping`: labels of columns (`label_of`) that somebody explained → field or `IGNORED`.

    Raises RosterHasNoHeader, RosterHeaderIncomplete when no sheet has a usable header, and RosterHasTwoHeaders.
    """
    known = Directory(
        units={key(name): unit for name, unit in directory.units.items()},
        communities={community_key(name): community_id for name, community_id in directory.communities.items()},
        own_units=directory.own_units,
    )
    found = _Found()
    refusals: list[DomainError] = []
    is_read = False
    for sheet in sheets:
        if sheet.is_hidden or sheet.is_chart:
            found.remarks.append(Remark("sheet_is_hidden" if sheet.is_hidden else "sheet_is_a_chart", sheet.name, count=sheet.filled))
        elif sheet.filled:
            try:
                _read_sheet(sheet, known, mapping or {}, today, found)
                is_read = True
            except (RosterHasNoHeader, RosterHeaderIncomplete) as refused:
                refusals.append(refused)
                code = "sheet_without_header" if isinstance(refused, RosterHasNoHeader) else "sheet_lacks_columns"
                found.remarks.append(Remark(code, sheet.name, count=sheet.filled))
        else:
            found.remarks.append(Remark("sheet_is_empty", sheet.name, count=0))
    if not is_read:
        raise next((each for each in refusals if isinstance(each, RosterHeaderIncomplete)), RosterHasNoHeader())
    return RosterReading(tuple(found.rows), tuple(found.problems), found.total, tuple(found.remarks), tuple(found.headers))


def _read_sheet(sheet: SheetOfPeople, directory: Directory, mapping: Mapping[str, str], today: date | None, found: _Found) -> None:
    headers = find_headers(sheet.grid, mapping)
    titles = [str(cell) for row in sheet.grid[: headers[0].top] for cell in row if is_filled(cell)]
    places: list[Place] = []
    for beside, header in enumerate(headers):
        default_unit = None if header.unit_field else _unit_of_sheet([*titles, sheet.name], directory)
        missing = [] if header.unit_field or default_unit else ["单位"]
        missing += [] if "political_status" in header.columns else ["政治面貌"]
        if missing:
            raise RosterHeaderIncomplete(missing=missing)
        places.append(Place(directory, sheet.name, default_unit, today, beside))
    found.headers.append((sheet.name, headers[0].top + 1, headers[0].first_data_row))
    found.remarks.extend(_about_sheet(sheet, headers))
    for index in range(headers[0].first_data_row, len(sheet.grid)):
        _read_line(sheet.grid[index], index + 1, list(zip(headers, places, strict=True)), found)


def _unit_of_sheet(texts: list[str], directory: Directory) -> Unit | None:
    """The unit of a sheet without a column for it: the sender's only one, or the one that the title or the sheet's name says."""
    own = directory.own_units
    if own is not None and len(own) == 1:
        return next((unit for unit in directory.units.values() if unit[0] in own), None)
    return unit_in(texts, directory.units)


def _read_line(cells: list[Cell], row: int, tables: list[tuple[Header, Place]], found: _Found) -> None:
    """One row of the sheet; tables that stand side by side have a person each in it."""
    if not any(map(is_filled, cells)):
        return
    if tables[0][0].comes_again(cells, row):
        found.remarks.append(Remark("header_again", tables[0][1].sheet, row))
        return
    is_read = False
    for header, place in tables:
        own = cells if len(tables) == 1 else [cell if column in header.texts_at else "" for column, cell in enumerate(cells)]
        if not is_person(header, own):
            continue
        is_read = True
        found.total += 1
        reader = RowReader(header, own, row, place)
        person = reader.read(found.seen)
        found.problems.extend(reader.problems)
        if person is not None:
            found.remarks.extend(reader.remarks)
            found.seen.add(person.identity)
            found.rows.append(person)
    if not is_read:
        found.remarks.append(Remark("row_without_person", tables[0][1].sheet, row))


def _about_sheet(sheet: SheetOfPeople, headers: list[Header]) -> list[Remark]:
    """What of a sheet is not read, apart from single rows: lines above the header, columns, and how many rows are hidden."""
    top = headers[0].top
    remarks = [Remark("title_line", sheet.name, index + 1) for index in range(top) if any(map(is_filled, sheet.grid[index]))]
    if sheet.hidden_rows:
        remarks.append(Remark("hidden_rows_read", sheet.name, count=sheet.hidden_rows))
    below = sheet.grid[headers[0].first_data_row :]
    filled: dict[int, int] = {}
    for row in below:
        for column, cell in enumerate(row):
            if is_filled(cell):
                filled[column] = filled.get(column, 0) + 1
    named = {column for header in headers for column in header.columns.values()}
    for header in headers:
        for each in header.left_out:
            named.add(each.column)
            label, count = each.label[:LONGEST_SHOWN], filled.get(each.column, 0)
            remarks.append(Remark(each.code, sheet.name, 0, column_letter(each.column), label, count))
    unnamed = sorted(set(filled) - named)
    remarks += [Remark("column_without_label", sheet.name, 0, column_letter(column), "", filled[column]) for column in unnamed]
    return remarks
