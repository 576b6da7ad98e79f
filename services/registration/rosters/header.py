"""The header of a sheet: which column holds which field, whatever an office calls it, over up to four lines of labels.

Invariant: every column with a label is read or said to be unknown, not kept or repeated; another header further down begins a table
of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.registration.rosters.columns import FIELDS, IGNORED, field_of, label_of, plain_label
from services.registration.rosters.workbook import Cell, Grid, is_filled
from shared.decider import DomainError

LOOKED_AT: Final = 60  # rows in which the header is looked for
MOST_LINES: Final = 4
UNIT_FIELDS: Final = ("unit", "unit_and_position", "party_branch")  # the first one that is there says the unit


class RosterHasNoHeader(DomainError):
    """No header row was found; the sheet needs columns such as 姓名, 单位, 政治面貌."""


class RosterHeaderIncomplete(DomainError):
    """The header row lacks columns: {missing}."""


class RosterHasTwoHeaders(DomainError):
    """Row {row} begins another table, whose header lacks columns; complete it or send one table at a time."""


@dataclass(frozen=True, slots=True)
class ColumnLeftOut:
    """A column that is not read: `column_unknown`, `column_not_kept` or `column_repeated`."""

    column: int
    label: str
    code: str


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns of one table are: field → column, field → label as written, and its rows (index from 0)."""

    columns: Mapping[str, int]
    labels: Mapping[str, str]
    top: int
    first_data_row: int
    texts: Mapping[int, frozenset[str]]
    left_out: tuple[ColumnLeftOut, ...]
    mapping: Mapping[str, str]

    @property
    def texts_at(self) -> frozenset[int]:
        """The columns of this table."""
        return frozenset(self.columns.values()) | {each.column for each in self.left_out}

    @property
    def unit_field(self) -> str | None:
        """The column that says the unit."""
        return next((field for field in UNIT_FIELDS if field in self.columns), None)

    def comes_again(self, cells: Sequence[Cell], known: Mapping[str, int]) -> bool:
        """Whether this is the header once more, as on every printed page. `known`: its `labels_in`."""
        filled = {column: cell for column, cell in enumerate(cells) if is_filled(cell)}
        if filled and all(plain_label(cell) in self.texts.get(column, ()) for column, cell in filled.items()):
            return True
        return bool(known) and all(self.columns.get(field) == column for field, column in known.items())


def labels_in(cells: Sequence[Cell], mapping: Mapping[str, str]) -> dict[str, int]:
    """Field → column, if the row is a header: it has the label of names and another one."""
    if not mapping and not any("名" in text or "name" in text.lower() for text in map(str, cells)):
        return {}  # every label of the column of names has one of them; asked first, as it costs little
    fields = {field_of(cell, mapping): column for column, cell in enumerate(cells)}
    known = {field: column for field, column in fields.items() if field is not None and field in FIELDS}
    return known if "name" in known and len(known) > 1 else {}


def find_headers(grid: Grid, mapping: Mapping[str, str], start: int = 0) -> list[Header]:
    """The header of the table that begins in row `start` (from 0) or below; several when tables stand side by side. `mapping`: labels that
    somebody explained → field.

    Raises RosterHasNoHeader.
    """
    for top in range(start, min(start + LOOKED_AT, len(grid))):
        if not any(field_of(cell, mapping) in FIELDS for cell in grid[top]):
            continue
        bottom = top + 1
        while bottom < min(top + MOST_LINES, len(grid)) and _goes_on(grid[top:bottom], grid[bottom], mapping):
            bottom += 1
        labels = _labels(grid[top:bottom], mapping)
        fields = {field_of(label, mapping) for label in labels.values()}
        if "name" in fields and len(fields & FIELDS) > 1:
            return [_header(part, grid, (top, bottom), mapping) for part in _side_by_side(labels, mapping)]
    raise RosterHasNoHeader


def _goes_on(above: Grid, cells: Sequence[Cell], mapping: Mapping[str, str]) -> bool:
    """Whether a row is one more line of labels: it has some, and under a label that is read stands nothing else."""
    has_label = False
    for column, cell in enumerate(cells):
        if not is_filled(cell):
            continue
        upper = next((row[column] for row in reversed(above) if column < len(row) and is_filled(row[column])), None)
        if upper is not None and plain_label(upper) == plain_label(cell):
            continue
        is_label = field_of(cell, mapping) is not None
        if not is_label and upper is not None and field_of(upper, mapping) is not None:
            return False
        has_label = has_label or is_label
    return has_label


def _labels(rows: Grid, mapping: Mapping[str, str]) -> dict[int, str]:
    """Column → its label as written: the lowest text in the column that is more than a hint in brackets."""
    labels: dict[int, str] = {}
    for row in rows:
        for column, cell in enumerate(row):
            is_hint = column in labels and field_of(cell, mapping) is None and label_of(cell).startswith(("(", "[", "【", "<"))
            if is_filled(cell) and not is_hint:
                labels[column] = str(cell).strip()
    return labels


def _side_by_side(labels: Mapping[int, str], mapping: Mapping[str, str]) -> list[dict[int, str]]:
    """The tables that stand beside one another: each has a column of names at the same distance from its first column."""
    names = [column for column, label in labels.items() if field_of(label, mapping) == "name"]
    lead = names[0] - min(labels)
    starts = [names[0] - lead, *(column - lead for column in names[1:])]
    parts = [
        {column: label for column, label in labels.items() if start <= column and (end is None or column < end)}
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]
    is_table = [len({field_of(label, mapping) for label in part.values()} & FIELDS) > 1 for part in parts]
    return parts if all(is_table) else [dict(labels)]


def _header(labels: Mapping[int, str], grid: Grid, rows: tuple[int, int], mapping: Mapping[str, str]) -> Header:
    columns: dict[str, int] = {}
    left_out: list[ColumnLeftOut] = []
    for column, label in labels.items():
        field = field_of(label, mapping)
        if field is None:
            left_out.append(ColumnLeftOut(column, label, "column_unknown"))
        elif field == IGNORED:
            left_out.append(ColumnLeftOut(column, label, "column_not_kept"))
        elif field in columns:
            left_out.append(ColumnLeftOut(column, label, "column_repeated"))
        else:
            columns[field] = column
    says_unit = [field for field in UNIT_FIELDS if field in columns]
    for field in says_unit[1:]:
        column = columns.pop(field)
        left_out.append(ColumnLeftOut(column, labels[column], "column_not_kept"))
    top, bottom = rows
    texts = {
        column: frozenset(plain_label(row[column]) for row in grid[top:bottom] if column < len(row) and is_filled(row[column]))
        for column in range(max(map(len, grid[top:bottom])))
    }
    named = {field: labels[column] for field, column in columns.items()}
    return Header(columns, named, top, bottom, texts, tuple(left_out), mapping)
