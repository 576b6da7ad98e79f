"""Delegations of an organisation, or those that somebody gave or holds."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

DELEGATIONS: Final = """
SELECT delegation_id, organisation_id, delegator, delegate, roles, starts_on, ends_on, ended_on, reason FROM delegations
WHERE district = $1 AND ($2::uuid IS NULL OR organisation_id = $2) AND ($3::text IS NULL OR $3 IN (delegator, delegate))
ORDER BY starts_on DESC, delegation_id
"""


class Delegation(BaseModel):
    """Who may act for whom, as what, from when to when."""

    delegation_id: UUID
    organisation_id: UUID
    delegator: str
    delegate: str
    roles: list[str]
    starts_on: date
    ends_on: date
    ended_on: date | None
    reason: str


async def delegations(tx: asyncpg.Connection, district: str, organisation_id: UUID | None, subject: str | None) -> list[Delegation]:
    """Delegations of an organisation, or those somebody gave or holds."""
    return [Delegation(**row) for row in await tx.fetch(DELEGATIONS, district, organisation_id, subject)]
