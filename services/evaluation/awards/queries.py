"""Award rounds and nominations. Lists go by id; there is no figure on a nominee by which they could be ordered (G9).

A nomination that its member has not accepted is seen by the member and the nominator only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.evaluation.codes import AwardLevel, NominationGround

ROUNDS: Final = """
SELECT round_id, period_id, level, community_id, title, criteria, awards, nominate_until, consent_until, vote_until, notice_days,
       cardinality(panel) AS panel_size, $5 = ANY(panel) AS is_on_panel, status, notice_until, closed_on FROM award_rounds
WHERE district = $1 AND ($2::uuid IS NULL OR round_id = $2) AND ($3::uuid IS NULL OR round_id > $3) ORDER BY round_id LIMIT $4
"""
NOMINATIONS: Final = """
SELECT n.round_id, r.title, n.member_id, n.unit_id, n.community_id, n.grounds, n.reason, n.status, r.consent_until
FROM award_nominees n JOIN award_rounds r USING (district, round_id)
WHERE n.district = $1 AND (n.member_id = ANY($2) OR n.unit_id = ANY($3) OR n.community_id = ANY($4)
       OR (n.status IN ('ACCEPTED', 'CHOSEN', 'NOT_CHOSEN', 'SET_ASIDE', 'GRANTED')
           AND ($6 = ANY(r.panel) OR r.community_id = ANY($4) OR (r.community_id IS NULL AND $5))))
  AND ($7::uuid IS NULL OR n.round_id = $7) AND ($8::uuid IS NULL OR (n.round_id, n.member_id) > ($8, $9::uuid))
ORDER BY n.round_id, n.member_id LIMIT $10
"""
REGISTERED: Final = """
SELECT DISTINCT asked.id AS member_id
FROM unnest($2::uuid[]) AS asked (id) LEFT JOIN merged g ON g.district = $1 AND g.member_id = asked.id
JOIN registrations p ON p.district = $1 AND p.member_id IN (asked.id, g.into_member_id)
WHERE p.confirmed_by IS NOT NULL AND p.closed_on IS NULL
"""

Place = tuple[UUID, UUID]  # round and member, after which a page begins


class AwardRoundView(BaseModel):
    """A round as everybody may read it: what it asks for and how far it is, nobody's name and nobody's vote."""

    round_id: UUID
    period_id: UUID
    level: AwardLevel
    community_id: UUID | None
    title: str
    criteria: str
    awards: int
    nominate_until: date
    consent_until: date
    vote_until: date
    notice_days: int
    panel_size: int
    is_on_panel: bool
    status: str
    notice_until: date | None
    closed_on: date | None


class NominationView(BaseModel):
    """A nomination; `unit_id` or `community_id` nominated."""

    round_id: UUID
    title: str
    member_id: UUID
    unit_id: UUID | None
    community_id: UUID | None
    grounds: list[NominationGround]
    reason: str
    status: str
    consent_until: date


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks: as what member, for which units and communities, for the district, or as somebody who answers objections."""

    subject: str
    entries: Sequence[UUID] = ()
    units: frozenset[UUID] = frozenset()
    communities: frozenset[UUID] = frozenset()
    is_district: bool = False
    is_reviewer: bool = False


async def rounds(
    tx: asyncpg.Connection, district: str, round_id: UUID | None, subject: str, page: tuple[UUID | None, int]
) -> list[AwardRoundView]:
    """Rounds of the district, or the one asked for. `page`: (after, limit)."""
    rows = await tx.fetch(ROUNDS, district, round_id, page[0], page[1] + 1, subject)
    return [AwardRoundView(**row) for row in rows]


async def nominations(
    tx: asyncpg.Connection, district: str, viewer: Viewer, round_id: UUID | None, page: tuple[Place | None, int]
) -> list[NominationView]:
    """Nominations that the viewer may see. `page`: (after, limit)."""
    seen_by = (list(viewer.entries), list(viewer.units), list(viewer.communities), viewer.is_district, viewer.subject)
    rows = await tx.fetch(NOMINATIONS, district, *seen_by, round_id, *(page[0] or (None, None)), page[1] + 1)
    return [NominationView(**row) for row in rows]


async def registered(tx: asyncpg.Connection, district: str, members: Sequence[UUID]) -> frozenset[UUID]:
    """Those of `members` who are registered now."""
    return frozenset(row["member_id"] for row in await tx.fetch(REGISTERED, district, members))
