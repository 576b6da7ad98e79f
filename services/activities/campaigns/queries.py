"""Campaigns in sums, never by giver; a member's own contributions."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.campaigns import ContributionKind

CAMPAIGNS: Final = """
SELECT * FROM campaigns
WHERE district = $1 AND ($2::uuid IS NULL OR community_id = $2) AND ($3::uuid IS NULL OR campaign_id > $3)
ORDER BY campaign_id LIMIT $4
"""
SUMS: Final = """
SELECT campaign_id, kind, unit, sum(received) AS received, sum(used) AS used FROM (
    SELECT campaign_id, kind, unit, quantity AS received, 0 AS used FROM contributions
    WHERE district = $1 AND NOT is_cancelled AND campaign_id = ANY($2)
    UNION ALL
    SELECT campaign_id, kind, unit, 0, quantity FROM contribution_uses WHERE district = $1 AND campaign_id = ANY($2)) AS moved
GROUP BY campaign_id, kind, unit ORDER BY campaign_id, kind, unit
"""
USES: Final = """
SELECT campaign_id, kind, quantity, unit, purpose, used_on FROM contribution_uses
WHERE district = $1 AND campaign_id = ANY($2) ORDER BY used_on, use_id
"""
MINE: Final = """
SELECT c.contribution_id, c.receipt_no, p.title, c.kind, c.quantity, c.unit, c.received_on
FROM contributions c JOIN campaigns p USING (district, campaign_id)
WHERE c.district = $1 AND c.member_id = $2 AND NOT c.is_cancelled ORDER BY c.received_on, c.contribution_id
"""


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


async def campaigns(tx: asyncpg.Connection, district: str, community_id: UUID | None, after: UUID | None, limit: int) -> list[CampaignView]:
    """Campaigns with sums, one more than `limit` when there are more."""
    rows = await tx.fetch(CAMPAIGNS, district, community_id, after, limit + 1)
    found = {row["campaign_id"]: CampaignView.model_validate(dict(row)) for row in rows}
    for row in await tx.fetch(SUMS, district, list(found)):
        found[row["campaign_id"]].sums.append(Sum.model_validate(dict(row)))
    for row in await tx.fetch(USES, district, list(found)):
        found[row["campaign_id"]].uses.append(Use.model_validate(dict(row)))
    return list(found.values())


async def my_contributions(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[MyContribution]:
    """What a member gave in their own name."""
    return [MyContribution.model_validate(dict(row)) for row in await tx.fetch(MINE, district, member_id)]
