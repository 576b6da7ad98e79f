"""Campaigns in sums, never by giver; registers of a community; open affairs with their stages."""

from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities import AffairStage, ContributionKind

CAMPAIGNS: Final = """
SELECT * FROM campaigns WHERE ($1::uuid IS NULL OR community_id = $1) AND ($2::uuid IS NULL OR campaign_id > $2)
ORDER BY campaign_id LIMIT $3
"""
SUMS: Final = """
SELECT campaign_id, kind, unit, sum(received) AS received, sum(used) AS used FROM (
    SELECT campaign_id, kind, unit, quantity AS received, 0 AS used FROM contributions WHERE NOT is_cancelled AND campaign_id = ANY($1)
    UNION ALL
    SELECT campaign_id, kind, unit, 0, quantity FROM contribution_uses WHERE campaign_id = ANY($1)) AS moved
GROUP BY campaign_id, kind, unit ORDER BY campaign_id, kind, unit
"""
USES: Final = """
SELECT campaign_id, kind, quantity, unit, purpose, used_on FROM contribution_uses WHERE campaign_id = ANY($1) ORDER BY used_on, use_id
"""
MINE: Final = """
SELECT c.contribution_id, c.receipt_no, p.title, c.kind, c.quantity, c.unit, c.received_on
FROM contributions c JOIN campaigns p USING (district, campaign_id)
WHERE c.member_id = $1 AND NOT c.is_cancelled ORDER BY c.received_on, c.contribution_id
"""
ENTRIES: Final = """
SELECT * FROM register_entries
WHERE ($1::uuid IS NULL OR community_id = $1) AND ($2::text IS NULL OR kind = $2) AND ($3 OR closed_on IS NULL)
  AND ($4::uuid IS NULL OR entry_id > $4)
ORDER BY entry_id LIMIT $5
"""
AFFAIRS: Final = """
SELECT affair_id FROM affair_publications WHERE ($1::uuid IS NULL OR community_id = $1) AND ($2::uuid IS NULL OR affair_id > $2)
GROUP BY affair_id ORDER BY affair_id LIMIT $3
"""
PUBLICATIONS: Final = "SELECT * FROM affair_publications WHERE affair_id = ANY($1) ORDER BY affair_id, number"


class Sum(BaseModel):
    """What came in and what was used, of one kind in one unit."""

    kind: ContributionKind
    unit: str
    received: Decimal
    used: Decimal


class Use(BaseModel):
    """What was used for what."""

    kind: ContributionKind
    quantity: Decimal
    unit: str
    purpose: str
    used_on: date


class CampaignView(BaseModel):
    """A campaign with its sums and uses; givers are not shown."""

    campaign_id: UUID
    community_id: UUID
    title: str
    kinds: list[ContributionKind]
    first_day: date
    last_day: date
    is_closed: bool
    sums: list[Sum] = []
    uses: list[Use] = []


class MyContribution(BaseModel):
    """A member's own contribution."""

    contribution_id: UUID
    receipt_no: str
    title: str
    kind: ContributionKind
    quantity: Decimal
    unit: str
    received_on: date


class EntryView(BaseModel):
    """A venue or partnership; `facts` as entered."""

    entry_id: UUID
    community_id: UUID
    kind: str
    organisation_id: UUID | None
    facts: dict[str, Any]
    closed_on: date | None
    reason: str | None


class Publication(BaseModel):
    """What was shown of an affair at one stage."""

    stage: AffairStage
    content: str
    responsible: str
    published_on: date
    comments_until: date | None


class AffairView(BaseModel):
    """An open affair with everything that was shown of it."""

    affair_id: UUID
    community_id: UUID
    subject: str
    publications: list[Publication]


async def campaigns(tx: asyncpg.Connection, community_id: UUID | None, after: UUID | None, limit: int) -> list[CampaignView]:
    """Campaigns with sums, one more than `limit` when there are more."""
    found = {
        row["campaign_id"]: CampaignView.model_validate(dict(row)) for row in await tx.fetch(CAMPAIGNS, community_id, after, limit + 1)
    }
    for row in await tx.fetch(SUMS, list(found)):
        found[row["campaign_id"]].sums.append(Sum.model_validate(dict(row)))
    for row in await tx.fetch(USES, list(found)):
        found[row["campaign_id"]].uses.append(Use.model_validate(dict(row)))
    return list(found.values())


async def my_contributions(tx: asyncpg.Connection, member_id: UUID) -> list[MyContribution]:
    """What a member gave in their own name."""
    return [MyContribution.model_validate(dict(row)) for row in await tx.fetch(MINE, member_id)]


async def entries(
    tx: asyncpg.Connection, community_id: UUID | None, kind: str | None, *, with_closed: bool, after: UUID | None, limit: int
) -> list[EntryView]:
    """Register entries, one more than `limit` when there are more."""
    rows = await tx.fetch(ENTRIES, community_id, kind, with_closed, after, limit + 1)
    return [EntryView.model_validate(dict(row)) for row in rows]


async def affairs(tx: asyncpg.Connection, community_id: UUID | None, after: UUID | None, limit: int) -> list[AffairView]:
    """Open affairs with their stages, one more than `limit` when there are more."""
    ids = [row["affair_id"] for row in await tx.fetch(AFFAIRS, community_id, after, limit + 1)]
    found: dict[UUID, AffairView] = {}
    for row in await tx.fetch(PUBLICATIONS, ids):
        ids_of_row = {name: row[name] for name in ("affair_id", "community_id", "subject")}
        found.setdefault(row["affair_id"], AffairView(**ids_of_row, publications=[])).publications.append(
            Publication.model_validate(dict(row))
        )
    return list(found.values())
