"""One row of a roster, field by field: read completely, or refused with every problem that it has."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.registration import citizen_number
from services.registration.personal_fields import NAME_LENGTH, PHONE, is_email, key, plain, unprintable
from services.registration.rosters.columns import is_empty, is_error
from services.registration.rosters.header import Header
from services.registration.rosters.values import OCCUPATIONS, POLITICAL, find_community, find_unit, telephones
from services.registration.rosters.workbook import Cell, column_letter
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus

SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
Unit = tuple[UUID, OccupationGroup]


@dataclass(frozen=True, slots=True)
class Directory:
    """Organisations by name as the district knows them; `own_units` restricts whose members may be enrolled (None: all)."""

    units: Mapping[str, Unit]
    communities: Mapping[str, UUID]
    own_units: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One member to enrol. `row` counts as Excel does, from 1; `sheet` by its name, empty in a text; `beside`: in which of the tables that
    stand side by side.
    """

    row: int
    name: str
    citizen_number: str | None
    unit_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    phone: str | None
    email: str | None
    community_id: UUID | None
    sheet: str = ""
    beside: int = 0

    @property
    def identity(self) -> str:
        """What makes this person one person in the district; goes into the blind index only."""
        if self.citizen_number is not None:
            return f"citizen:{self.citizen_number}"
        return f"person:{self.unit_id}:{key(self.name)}:{self.phone or (self.email or '').casefold()}"


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """Why a row was refused: place, header of the column, and the code whose texts say what to do."""

    row: int
    column: str
    header: str
    code: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """What was not read, or was read in a way that somebody should know: a sheet, a column, a row or a cell (0 and empty: all of them).

    `count` says how many rows or filled cells.
    """

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    header: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Where rows are read: the directory, the unit of a sheet without a column for it, and the day."""

    directory: Directory
    sheet: str
    default_unit: Unit | None
    today: date | None
    beside: int = 0


class RowReader:
    """Reads one row and notes every problem, so that an office can repair a row in one go."""

    def __init__(self, header: Header, cells: Sequence[Cell], row: int, place: Place) -> None:
        self._header = header
        self._cells = cells
        self._row = row
        self._place = place
        self.problems: list[RosterProblem] = []
        self.remarks: list[Remark] = []

    def read(self, seen: set[str]) -> RosterRow | None:
        """The row, or None with `problems` filled."""
        name, number = self._name(), self._citizen_number()
        unit = self._unit()
        status = self._political_status()
        self._occupation(unit)
        phone, email = self._phone(), self._email()
        community_id = self._community()
        if self.problems or unit is None or status is None:
            return None
        if number is None and phone is None and email is None:
            return self._refuse("citizen_number", "no_identity")
        row = RosterRow(
            row=self._row,
            name=name,
            citizen_number=number,
            unit_id=unit[0],
            occupation_group=unit[1],
            political_status=status,
            phone=phone,
            email=email,
            community_id=community_id,
            sheet=self._place.sheet,
            beside=self._place.beside,
        )
        if row.identity in seen:
            return self._refuse("citizen_number" if number else "name", "duplicate_in_file")
        if unprintable(name):
            self._remark("name", "name_not_printable")
        return row

    def _text(self, field: str) -> str:
        """The cell in normal form; empty for 无 and the like, and for the error of a formula, which is a problem."""
        cell = self._cell(field)
        text = "" if cell is None else plain(cell).removeprefix("'")
        if is_error(text):
            return self._refuse(field, "cell_error") or ""
        return "" if is_empty(text) else text

    def _cell(self, field: str) -> Cell | None:
        column = self._header.columns.get(field)
        return None if column is None or column >= len(self._cells) else self._cells[column]

    def _refuse(self, field: str, code: str) -> None:
        at = field if field in self._header.columns else "name"
        problem = RosterProblem(self._row, column_letter(self._header.columns[at]), self._header.labels[at], code, self._place.sheet)
        if not any(each.column == problem.column and each.code == "cell_error" for each in self.problems):
            self.problems.append(problem)

    def _remark(self, field: str, code: str) -> None:
        column, header = column_letter(self._header.columns[field]), self._header.labels[field]
        self.remarks.append(Remark(code, self._place.sheet, self._row, column, header))

    def _name(self) -> str:
        name = self._text("name")
        if not name:
            self._refuse("name", "missing_name")
        elif len(name) > NAME_LENGTH:
            self._refuse("name", "name_too_long")
        elif not any(sign.isalpha() or unprintable(sign) for sign in name):
            self._refuse("name", "bad_name")
        return name

    def _citizen_number(self) -> str | None:
        if isinstance(self._cell("citizen_number"), int | float):
            # Excel keeps 15 digits of a number: the rest is lost and cannot be repaired here.
            return self._refuse("citizen_number", "citizen_number_numeric")
        text = self._text("citizen_number").replace("-", "")
        if not text:
            return None
        if SCIENTIFIC.fullmatch(text.replace("E+", "E").replace("E", "E+")):  # the same loss, saved as text
            return self._refuse("citizen_number", "citizen_number_numeric")
        try:
            return citizen_number.parse(text, self._place.today)
        except citizen_number.CitizenNumberInvalid:
            return self._refuse("citizen_number", "citizen_number_invalid")

    def _unit(self) -> Unit | None:
        field = self._header.unit_field
        directory = self._place.directory
        unit = self._place.default_unit if field is None else find_unit(self._text(field), directory.units, field)
        if unit is None:
            return self._refuse(field or "name", "unknown_unit")
        if directory.own_units is not None and unit[0] not in directory.own_units:
            return self._refuse(field or "name", "unit_not_yours")
        return unit

    def _occupation(self, unit: Unit | None) -> None:
        text = self._text("occupation")
        group = OCCUPATIONS.get(text)
        if text and group is None and text not in POLITICAL:
            self._refuse("occupation", "bad_occupation")
        elif group is not None and unit is not None and group is not unit[1]:
            self._refuse("occupation", "occupation_differs_from_unit")

    def _political_status(self) -> PoliticalStatus | None:
        status = POLITICAL.get(self._text("political_status"))
        return self._refuse("political_status", "bad_political_status") if status is None else status

    def _phone(self) -> str | None:
        text = self._text("phone")
        numbers = [number for number in telephones(text) if PHONE.fullmatch(number)]
        if text and not numbers:
            return self._refuse("phone", "bad_phone")
        if len(telephones(text)) > 1:
            self._remark("phone", "further_phone_not_kept")
        # A mobile telephone reaches the person.
        return next((number for number in numbers if number.startswith("1")), numbers[0] if numbers else None)

    def _email(self) -> str | None:
        return self._checked("email", is_email, "bad_email")

    def _checked(self, field: str, is_right: Callable[[str], bool], code: str) -> str | None:
        text = self._text(field)
        if text and not is_right(text):
            return self._refuse(field, code)
        return text or None

    def _community(self) -> UUID | None:
        text = self._text("community")
        if not text:
            return None
        community_id = find_community(text, self._place.directory.communities)
        return self._refuse("community", "unknown_community") if community_id is None else community_id
