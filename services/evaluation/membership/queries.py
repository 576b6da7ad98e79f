"""Two entries of one person: rows stay under the id that their event names, and who asks for one entry is given all of them.

Invariant: nothing is moved, so nothing depends on which service is heard first; which entry remains is decided when somebody reads.
"""

from collections.abc import Collection
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

# The one that remains first, then the latest merged into it; where two entries disagree, the earlier one of this list counts.
ENTRIES: Final = """
SELECT entry.member_id
FROM (SELECT coalesce((SELECT into_member_id FROM merged WHERE district = $1 AND member_id = $2), $2) AS remaining) person,
     LATERAL (SELECT remaining AS member_id, NULL::bigint AS given_up_in
              UNION ALL SELECT member_id, given_up_in FROM merged WHERE district = $1 AND into_member_id = remaining) entry
ORDER BY entry.given_up_in DESC NULLS FIRST
"""
PERSONS: Final = """
WITH remaining AS (SELECT coalesce(m.into_member_id, id) AS id FROM unnest($2::uuid[]) id
                   LEFT JOIN merged m ON m.district = $1 AND m.member_id = id)
SELECT id AS member_id FROM remaining
UNION SELECT m.member_id FROM merged m JOIN remaining ON m.into_member_id = remaining.id WHERE m.district = $1
"""
MEMBERSHIP: Final = """
SELECT unit_id, community_id, street_id
FROM (SELECT district, unit_id, coalesce($3, community_id) AS community_id FROM registrations
      WHERE district = $1 AND member_id = ANY($2) AND confirmed_by IS NOT NULL
      ORDER BY coalesce(closed_on, 'infinity') DESC, reported_on DESC, registration_id DESC LIMIT 1) latest
LEFT JOIN streets USING (district, community_id)
"""


class Membership(BaseModel):
    """Who manages a member: the unit first, the community in assistance, in its street. `entries`: the member's ids, the one that remains
    first.
    """

    entries: list[UUID]
    unit_id: UUID
    community_id: UUID
    street_id: UUID | None

    @property
    def member_id(self) -> UUID:
        """The entry that remains."""
        return self.entries[0]


async def entries(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """All entries of the person of whom this is one; the one that remains is the first."""
    return [row["member_id"] for row in await tx.fetch(ENTRIES, district, member_id)]


async def persons(tx: asyncpg.Connection, district: str, members: Collection[UUID]) -> frozenset[UUID]:
    """All entries of all these members."""
    return frozenset([row["member_id"] for row in await tx.fetch(PERSONS, district, list(members))])


async def membership(tx: asyncpg.Connection, district: str, member_id: UUID, community_id: UUID | None = None) -> Membership | None:
    """Unit and community of the latest confirmed registration, or that unit with another community."""
    found = await entries(tx, district, member_id)
    row = await tx.fetchrow(MEMBERSHIP, district, found, community_id)
    return Membership(entries=found, **row) if row else None
