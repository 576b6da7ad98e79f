"""What is outstanding or due, and how many registrants there are."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.registration.access import Scope
from shared.contracts.registration.codes import OccupationGroup
from shared.http.paging import Page, decode_cursor, page_of
from shared.privacy.small_cells import suppressed

CELLS: Final = """
SELECT r.community_id, r.occupation_group, count(*)::int AS count FROM registrations r
WHERE r.district = $1 AND r.status IN ('CONFIRMED', 'SUSPENDED') GROUP BY 1, 2 ORDER BY 1, 2
"""
COMMUNITIES: Final = (
    "SELECT organisation_id, name FROM organisations WHERE district = $1 AND kind = 'COMMUNITY' AND dissolved_on IS NULL ORDER BY name"
)
RENEWALS_DUE: Final = """
SELECT registration_id, member_id, unit_id, community_id, coalesce(renewed_on, reported_on) AS last_on FROM registrations
WHERE district = $1 AND status = 'CONFIRMED' AND ($2::uuid IS NULL OR community_id = $2) AND ($3::uuid IS NULL OR unit_id = $3)
    AND coalesce(renewed_on, reported_on) <= $4 AND ($5::date IS NULL OR (coalesce(renewed_on, reported_on), registration_id) > ($5, $6))
ORDER BY last_on, registration_id LIMIT $7
"""


class RenewalDue(BaseModel):
    """A registration whose member has not confirmed profile and willingness for long; `last_on`: when last, or when registered."""

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    last_on: date


class Count(BaseModel):
    """One number of the report; None: too small to be published."""

    community_id: UUID | None = None
    name: str | None = None
    occupation_group: OccupationGroup | None = None
    count: int | None


class RegistrantReport(BaseModel):
    """R1: registrants (confirmed or suspended registrations) by community × occupation group, on the community's axis."""

    total: int
    by_community: list[Count]
    by_occupation: list[Count]
    cells: list[Count]


async def renewals_due(
    tx: asyncpg.Connection, district: str, scope: Scope, last_until: date, page: tuple[str | None, int]
) -> Page[RenewalDue]:
    """Confirmed registrations last renewed, or made, until that day, oldest first; `page` is (cursor, limit)."""
    after, limit = page
    since = decode_cursor(after, (date, UUID)) or (None, None)
    rows = await tx.fetch(RENEWALS_DUE, district, scope.community_id, scope.unit_id, last_until, *since, limit + 1)
    return page_of([RenewalDue(**row) for row in rows], limit, lambda item: (item.last_on, item.registration_id))


async def registrant_report(tx: asyncpg.Connection, district: str, *, is_public: bool) -> RegistrantReport:
    """R1; for the public small counts are hidden (guard rail G12)."""
    counts = {(row["community_id"], OccupationGroup(row["occupation_group"])): row["count"] for row in await tx.fetch(CELLS, district)}
    names = {row["organisation_id"]: row["name"] for row in await tx.fetch(COMMUNITIES, district)}
    table: dict[tuple[UUID | None, OccupationGroup | None], int] = {**counts}
    table |= {(each, None): sum(count for (community_id, _), count in counts.items() if community_id == each) for each in names}
    table |= {(None, each): sum(count for (_, group), count in counts.items() if group is each) for each in OccupationGroup}
    shown = suppressed(table) if is_public else table
    return RegistrantReport(
        total=sum(counts.values()),
        by_community=[Count(community_id=each, name=names[each], count=shown[each, None]) for each in names],
        by_occupation=[Count(occupation_group=each, count=shown[None, each]) for each in OccupationGroup],
        cells=[
            Count(community_id=community_id, name=names.get(community_id), occupation_group=group, count=shown[community_id, group])
            for community_id, group in counts
        ],
    )
