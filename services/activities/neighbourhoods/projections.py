"""Responsibility areas and household groups as rows."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.neighbourhoods import (
    HouseholdGroupCounted,
    HouseholdGroupDissolved,
    HouseholdGroupFormed,
    HouseholdGroupLed,
    ResponsibilityAreaClosed,
    ResponsibilityAreaDrawn,
    ResponsibilityAreaRedrawn,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save

AREA_COLUMNS: Final = ("community_id", "size", "name", "parent_id", "homes")


def drawn(_event: Recorded, data: ResponsibilityAreaDrawn | ResponsibilityAreaRedrawn) -> Iterator[Write]:
    """The area as drawn last."""
    yield save("areas", fields(data, "area_id"), {**fields(data, *AREA_COLUMNS), "is_closed": False})


def area_closed(_event: Recorded, data: ResponsibilityAreaClosed) -> Iterator[Write]:
    """The area is used no longer."""
    yield change("areas", fields(data, "area_id"), {"is_closed": True})


def group_formed(_event: Recorded, data: HouseholdGroupFormed) -> Iterator[Write]:
    """A group that nobody leads yet."""
    facts = {**fields(data, "community_id", "name", "homes", "area_id"), "is_led": False, "is_dissolved": False}
    yield save("household_groups", fields(data, "group_id"), facts)


def group_counted(_event: Recorded, data: HouseholdGroupCounted) -> Iterator[Write]:
    """So many homes now."""
    yield _group(data, homes=data.homes)


def group_led(_event: Recorded, data: HouseholdGroupLed) -> Iterator[Write]:
    """A resident who leads leaves the member empty."""
    yield _group(data, leader_id=data.member_id, is_led=True)


def group_dissolved(_event: Recorded, data: HouseholdGroupDissolved) -> Iterator[Write]:
    """The group has ended."""
    yield _group(data, is_dissolved=True)


def _group(data: object, **values: Any) -> Write:
    return change("household_groups", fields(data, "group_id"), values)


PROJECTIONS: Final[Projections] = {
    ResponsibilityAreaDrawn: drawn,
    ResponsibilityAreaRedrawn: drawn,
    ResponsibilityAreaClosed: area_closed,
    HouseholdGroupFormed: group_formed,
    HouseholdGroupCounted: group_counted,
    HouseholdGroupLed: group_led,
    HouseholdGroupDissolved: group_dissolved,
}
