"""The header of a roster: which column holds which field, whatever an office calls it.

Invariant: a sheet has one header; one that comes again further down is the same, or the file is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from services.registration.personal_fields import plain
from services.registration.rosters.workbook import Cell, Grid
from shared.decider import DomainError

HEADERS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("姓名", "党员姓名", "在职党员姓名"), "name"),
    **dict.fromkeys(("公民身份号码", "身份证号", "身份证号码", "居民身份证号码", "身份证件号码", "证件号码"), "citizen_number"),
    **dict.fromkeys(("单位", "工作单位", "所在单位", "单位名称", "所在单位党组织", "工作单位名称"), "unit"),
    **dict.fromkeys(("职业类别", "职业", "类别", "人员类别"), "occupation"),
    **dict.fromkeys(("政治面貌", "党员类别", "党员类型"), "political_status"),
    **dict.fromkeys(("手机", "手机号", "手机号码", "联系电话", "电话", "移动电话"), "phone"),
    **dict.fromkeys(("邮箱", "电子邮箱", "电子邮件", "email", "e-mail"), "email"),
    **dict.fromkeys(("居住社区", "现居住社区", "居住地社区", "报到社区", "所属社区", "社区"), "community"),
}
REQUIRED: Final[Mapping[str, str]] = {"name": "姓名", "unit": "单位", "political_status": "政治面貌"}
DECORATION: Final = re.compile(r"\s|[**::]|\(.*?\)")


class RosterHasNoHeader(DomainError):
    """No header row was found; the sheet needs columns such as 姓名, 单位, 政治面貌."""


class RosterHeaderIncomplete(DomainError):
    """The header row lacks columns: {missing}."""


class RosterHasTwoHeaders(DomainError):
    """Row {row} is another header with other columns; send one table at a time."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns are: field → column, field → label as written, and the first row of data (index from 0)."""

    columns: Mapping[str, int]
    labels: Mapping[str, str]
    first_data_row: int

    def comes_again(self, cells: list[Cell], row: int) -> bool:
        """Whether this is the header once more, as on every printed page. Raises RosterHasTwoHeaders for one with other columns."""
        again = _known_labels(cells)
        is_in_place = all(self.columns.get(field) == column for field, column in again.items())
        if "name" in again and len(again) > 1 and not is_in_place:
            raise RosterHasTwoHeaders(row=row)
        # Labels and nothing else: the second row of a header has no 姓名.
        return is_in_place and bool(again) and ("name" in again or len(again) == sum(1 for cell in cells if plain(cell)))


def find_header(grid: Grid) -> Header:
    """The row, or pair of rows, that names the columns: the first with 姓名 and another known header."""
    for index, cells in enumerate(grid[:30]):
        below = grid[index + 1] if index + 1 < len(grid) else []
        upper, lower = _known_labels(cells), _known_labels(below)
        columns = {**lower, **upper}
        if "name" not in upper or len(columns) < len(REQUIRED) - 1:
            continue
        missing = [label for field, label in REQUIRED.items() if field not in columns]
        if missing:
            raise RosterHeaderIncomplete(missing=missing)
        labels = {field: _label(cells[column]) if field in upper else _label(below[column]) for field, column in columns.items()}
        return Header(columns, labels, index + (2 if lower else 1))
    raise RosterHasNoHeader


def _known_labels(cells: list[Cell]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column, cell in enumerate(cells):
        field = HEADERS.get(_label(cell).lower())
        if field is not None:
            found.setdefault(field, column)
    return found


def _label(cell: Cell) -> str:
    return DECORATION.sub("", plain(cell))
