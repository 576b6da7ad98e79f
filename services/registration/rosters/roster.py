"""A roster as offices make it (titles, several lines of header, several sheets, sums, footnotes) → good rows, problems and remarks. Pure.

Invariant: every sheet, row and filled cell is read, refused with row, column and reason, or named in a remark; one bad row never stops the
others. Problems and remarks never repeat what a cell below a header says: cells hold personal data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from services.registration.personal_fields import key
from services.registration.rosters.header import (
    Header,
    RosterHasNoHeader,
    RosterHasTwoHeaders,
    RosterHeaderIncomplete,
    find_headers,
    labels_in,
)
from services.registration.rosters.lines import is_person
from services.registration.rosters.row_reader import Directory, Place, Remark, RosterProblem, RosterRow, RowReader, Unit
from services.registration.rosters.values import community_key, unit_in
from services.registration.rosters.workbook import Cell, Grid, SheetOfPeople, column_letter, is_filled, read_workbook
from shared.decider import DomainError

LONGEST_SHOWN: Final = 60  # signs of a label
MOST_TITLES: Final = 4  # lines of a title, with the header below it


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

    def is_in(self, sheet: SheetOfPeople) -> bool:
        """Whether a table of this sheet was read already."""
        return bool(self.headers) and self.headers[-1][0] == sheet.name


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
    """Every table of a sheet, one below the other."""
    if sheet.hidden_rows:
        found.remarks.append(Remark("hidden_rows_read", sheet.name, count=sheet.hidden_rows))
    table: _Table | None = _Table(sheet, 0, 0, find_headers(sheet.grid, mapping), directory, today)
    while table is not None:
        table = _read_table(table, found)


@dataclass(frozen=True, slots=True)
class _Table:
    """One table of a sheet: its headers, several when parts stand side by side. Its header is looked for from row `start` on (from 0), its
    title begins in row `above`.
    """

    sheet: SheetOfPeople
    above: int
    start: int
    headers: list[Header]
    directory: Directory
    today: date | None

    @property
    def unit(self) -> Unit | None:
        """The unit of all its people, said in its title."""
        return _unit_of_sheet([*_texts(self.sheet.grid[self.above : self.headers[0].top]), self.sheet.name], self.directory)

    def next_at(self, row: int, after_people: int, *, is_same: bool) -> "_Table | None":
        """The table that the header in this row begins: other columns, or the same ones for the unit that a new title says."""
        header = self.headers[0]
        if is_same:
            unit = None if header.unit_field else unit_in(_texts(self.sheet.grid[after_people:row]), self.directory.units)
            if unit is None or unit == self.unit:
                return None
        try:
            return replace(self, above=after_people, start=row, headers=find_headers(self.sheet.grid, header.mapping, row))
        except RosterHasNoHeader:
            raise RosterHasTwoHeaders(row=row + 1) from None


def _texts(grid: Grid) -> list[str]:
    return [str(cell) for row in grid for cell in row if is_filled(cell)]


def _is_title(rows: Grid, mapping: Mapping[str, str]) -> bool:
    """Whether the first row says one thing only, as a title does, and stands above a header."""
    for row in rows:
        texts = set(_texts([row]))
        if len(texts) != 1:
            return row is not rows[0] and bool(labels_in(row, mapping))
    return False


def _read_table(table: _Table, found: _Found) -> _Table | None:
    """Read down to the next table, which is returned."""
    sheet, header = table.sheet, table.headers[0]
    places = [
        Place(table.directory, sheet.name, None if each.unit_field else table.unit, table.today, beside)
        for beside, each in enumerate(table.headers)
    ]
    for each, place in zip(table.headers, places, strict=True):
        missing = [] if each.unit_field or place.default_unit else ["单位"]
        missing += [] if "political_status" in each.columns else ["政治面貌"]
        if missing:
            raise RosterHasTwoHeaders(row=header.top + 1) if found.is_in(sheet) else RosterHeaderIncomplete(missing=missing)
    found.headers.append((sheet.name, header.top + 1, header.first_data_row))
    first_remark, after_people, end, following = len(found.remarks), header.first_data_row, len(sheet.grid), None
    for index in range(header.first_data_row, len(sheet.grid)):
        cells = sheet.grid[index]
        known = labels_in(cells, header.mapping)
        is_same = header.comes_again(cells, known)
        if known and (following := table.next_at(index, after_people, is_same=is_same)):
            end = index
            break
        if is_same:
            found.remarks.append(Remark("header_again", sheet.name, index + 1))
        elif _is_title(sheet.grid[index : index + MOST_TITLES], header.mapping):
            found.remarks.append(Remark("row_without_person", sheet.name, index + 1))
        elif any(map(is_filled, cells)) and _read_line(cells, index + 1, list(zip(table.headers, places, strict=True)), found):
            after_people = index + 1
    found.remarks[first_remark:first_remark] = _about_table(table, end)
    return following


def _unit_of_sheet(texts: list[str], directory: Directory) -> Unit | None:
    """The unit of a sheet without a column for it: the sender's only one, or the one that the title or the sheet's name says."""
    own = directory.own_units
    if own is not None and len(own) == 1:
        return next((unit for unit in directory.units.values() if unit[0] in own), None)
    return unit_in(texts, directory.units)


def _read_line(cells: list[Cell], row: int, tables: list[tuple[Header, Place]], found: _Found) -> bool:
    """One row of a table; tables that stand side by side have a person each in it. Whether there was anybody."""
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
    return is_read


def _about_table(table: _Table, end: int) -> list[Remark]:
    """What of a table is not read, apart from single rows: lines above the first header, and columns."""
    sheet, headers = table.sheet, table.headers
    above = range(table.start, headers[0].top)
    remarks = [Remark("title_line", sheet.name, index + 1) for index in above if any(map(is_filled, sheet.grid[index]))]
    below = sheet.grid[headers[0].first_data_row : end]
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
