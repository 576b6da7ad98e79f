"""A roster as offices make it (title across, two-row header, 序号 first, 备注 last, 合计 row) → good rows and problems. Pure.

Invariant: every data row is either read completely or refused with row, column and reason code; one bad row never stops the others.
Problems never repeat what a cell says: cells hold personal data.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.registration import citizen_number
from services.registration.personal_fields import EMAIL, NAME_LENGTH, PHONE, plain
from services.registration.rosters.header import Header, find_header
from services.registration.rosters.workbook import Cell, column_letter, read_grid
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus

POLITICAL: Final[Mapping[str, PoliticalStatus]] = {
    **dict.fromkeys(("中共党员", "党员", "正式党员", "中共正式党员", "中国共产党党员", "01", "1"), PoliticalStatus.MEMBER),
    **dict.fromkeys(("中共预备党员", "预备党员", "中国共产党预备党员", "02", "2"), PoliticalStatus.PROBATIONARY),
}
OCCUPATIONS: Final[Mapping[str, OccupationGroup]] = {
    **dict.fromkeys(("区机关", "机关", "区直机关", "机关干部"), OccupationGroup.DISTRICT_ORGAN),
    **dict.fromkeys(("教师", "教育", "老师"), OccupationGroup.TEACHER),
    **dict.fromkeys(("公安", "民警", "警察"), OccupationGroup.POLICE),
    **dict.fromkeys(("各办事处", "办事处", "街道办事处", "街道"), OccupationGroup.STREET_OFFICE),
}
NOT_A_MEMBER: Final = re.compile(r"^(合计|总计|小计|共计|填表|制表|审核|说明|注:|注|备注:)")
SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[Ee]\+\d+")


@dataclass(frozen=True, slots=True)
class Directory:
    """Organisations by name as the district knows them; `own_units` restricts whose members may be enrolled (None: all)."""

    units: Mapping[str, tuple[UUID, OccupationGroup]]
    communities: Mapping[str, UUID]
    own_units: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One member to enrol. `row` counts as Excel does, from 1."""

    row: int
    name: str
    citizen_number: str | None
    unit_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    phone: str | None
    email: str | None
    community_id: UUID | None

    @property
    def identity(self) -> str:
        """What makes this person one person in the district; goes into the blind index only."""
        if self.citizen_number is not None:
            return f"citizen:{self.citizen_number}"
        return f"person:{self.unit_id}:{self.name}:{self.phone or self.email}"


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """Why a row was refused: place, header of the column, and the code whose texts say what to do."""

    row: int
    column: str
    header: str
    code: str


@dataclass(frozen=True, slots=True)
class RosterReading:
    """What a workbook says: good rows, and every problem of the others. `total` counts both kinds of rows."""

    rows: tuple[RosterRow, ...]
    problems: tuple[RosterProblem, ...]
    total: int


def read_roster(content: bytes, directory: Directory) -> RosterReading:
    """Read a roster (.xlsx, .xls, .ods, .csv). Raises DomainErrors for the file as a whole: not readable, too large, no usable header."""
    grid = read_grid(content)
    header = find_header(grid)
    known = Directory(
        units={plain(name): unit for name, unit in directory.units.items()},
        communities={_community(name): community_id for name, community_id in directory.communities.items()},
        own_units=directory.own_units,
    )
    rows: list[RosterRow] = []
    problems: list[RosterProblem] = []
    seen: set[str] = set()
    total = 0
    for index in range(header.first_data_row, len(grid)):
        if header.comes_again(grid[index], index + 1):
            continue
        reader = _RowReader(header, grid[index], index + 1)
        if not reader.is_member(grid[index]):
            continue
        total += 1
        row = reader.read(known, seen)
        if row is None:
            problems.extend(reader.problems)
        else:
            seen.add(row.identity)
            rows.append(row)
    return RosterReading(tuple(rows), tuple(problems), total)


def _community(name: Cell) -> str:
    text = plain(name)
    return text.removesuffix("社区居委会").removesuffix("社区") or text


class _RowReader:
    """Reads one row field by field and notes every problem, so that an office can repair a row in one go."""

    def __init__(self, header: Header, cells: list[Cell], row: int) -> None:
        self._header = header
        self._cells = cells
        self._row = row
        self.problems: list[RosterProblem] = []

    def is_member(self, cells: list[Cell]) -> bool:
        """False for empty rows, sums and footnotes."""
        if not any(self._text(field) for field in self._header.columns):
            return False
        first = next((text for text in map(plain, cells) if text), "")
        return NOT_A_MEMBER.match(first) is None

    def read(self, directory: Directory, seen: set[str]) -> RosterRow | None:
        """The row, or None with `problems` filled."""
        name, number = self._name(), self._citizen_number()
        unit = self._unit(directory)
        self._occupation(unit)
        status = self._political_status()
        phone, email = self._pattern("phone", PHONE, "bad_phone"), self._pattern("email", EMAIL, "bad_email")
        community_id = self._community(directory)
        if self.problems or unit is None or status is None:
            return None
        if number is None and phone is None and email is None:
            return self._refuse("citizen_number", "no_identity")
        row = RosterRow(self._row, name, number, unit[0], unit[1], status, phone, email, community_id)
        if row.identity in seen:
            return self._refuse("citizen_number" if number else "name", "duplicate_in_file")
        return row

    def _text(self, field: str) -> str:
        cell = self._cell(field)
        return "" if cell is None else plain(cell)

    def _cell(self, field: str) -> Cell | None:
        column = self._header.columns.get(field)
        return None if column is None or column >= len(self._cells) else self._cells[column]

    def _refuse(self, field: str, code: str) -> None:
        place = field if field in self._header.columns else "name"
        column = column_letter(self._header.columns[place])
        self.problems.append(RosterProblem(self._row, column, self._header.labels[place], code))

    def _name(self) -> str:
        name = self._text("name")
        if not name:
            self._refuse("name", "missing_name")
        elif len(name) > NAME_LENGTH:
            self._refuse("name", "name_too_long")
        return name

    def _citizen_number(self) -> str | None:
        if isinstance(self._cell("citizen_number"), int | float):
            # Excel keeps 15 digits of a number: the rest is lost and cannot be repaired here.
            return self._refuse("citizen_number", "citizen_number_numeric")
        text = self._text("citizen_number").removeprefix("'")
        if not text:
            return None
        if SCIENTIFIC.fullmatch(text):  # the same loss, saved as text
            return self._refuse("citizen_number", "citizen_number_numeric")
        try:
            return citizen_number.parse(text)
        except citizen_number.CitizenNumberInvalid:
            return self._refuse("citizen_number", "citizen_number_invalid")

    def _unit(self, directory: Directory) -> tuple[UUID, OccupationGroup] | None:
        unit = directory.units.get(self._text("unit"))
        if unit is None:
            return self._refuse("unit", "unknown_unit")
        if directory.own_units is not None and unit[0] not in directory.own_units:
            return self._refuse("unit", "unit_not_yours")
        return unit

    def _occupation(self, unit: tuple[UUID, OccupationGroup] | None) -> None:
        text = self._text("occupation")
        group = OCCUPATIONS.get(text)
        if text and group is None:
            self._refuse("occupation", "bad_occupation")
        elif group is not None and unit is not None and group is not unit[1]:
            self._refuse("occupation", "occupation_differs_from_unit")

    def _political_status(self) -> PoliticalStatus | None:
        status = POLITICAL.get(self._text("political_status"))
        return self._refuse("political_status", "bad_political_status") if status is None else status

    def _pattern(self, field: str, pattern: re.Pattern[str], code: str) -> str | None:
        text = self._text(field).removeprefix("'")
        if text and pattern.fullmatch(text) is None:
            return self._refuse(field, code)
        return text or None

    def _community(self, directory: Directory) -> UUID | None:
        text = self._text("community")
        if not text:
            return None
        community_id = directory.communities.get(_community(text))
        return self._refuse("community", "unknown_community") if community_id is None else community_id
