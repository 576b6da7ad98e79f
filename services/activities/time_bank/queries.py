"""Accounts of the time bank: a member's entries and balance, a community's ledger in sums."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

ENTRIES: Final = """
SELECT entry_id, community_id, kind, CASE WHEN to_member_id = $2 THEN minutes ELSE -minutes END AS minutes, at, record_id,
       reverses_entry_id, purpose, expires_on
FROM time_entries
WHERE district = $1 AND (from_member_id = $2 OR to_member_id = $2) AND ($3::uuid IS NULL OR community_id = $3) ORDER BY arrived
"""
LEDGER: Final = """
SELECT count(*) FILTER (WHERE member_id IS NOT NULL) AS accounts, coalesce(-sum(balance) FILTER (WHERE member_id IS NULL), 0) AS pool_owes,
       coalesce(sum(balance), 0) AS sum_of_all
FROM (SELECT member_id, sum(minutes) AS balance FROM (
          SELECT to_member_id AS member_id, minutes FROM time_entries WHERE district = $1 AND community_id = $2
          UNION ALL SELECT from_member_id, -minutes FROM time_entries WHERE district = $1 AND community_id = $2) AS moved
      GROUP BY member_id) AS accounts
"""
COMMUNITIES: Final = "SELECT DISTINCT community_id FROM time_entries WHERE district = $1 ORDER BY community_id"


class TimeEntry(BaseModel):
    """An entry from one member's side: minutes in are positive."""

    entry_id: UUID
    community_id: UUID
    kind: str
    minutes: int
    at: datetime
    record_id: UUID | None
    reverses_entry_id: UUID | None
    purpose: str | None
    expires_on: date | None


class ExpiringMinutes(BaseModel):
    """Minutes that can be used until the end of this day."""

    community_id: UUID
    minutes: int
    expires_on: date


class TimeAccount(BaseModel):
    """A member's account, and which of its minutes expire when. It has no bearing on any score."""

    member_id: UUID
    balance: int
    entries: list[TimeEntry]
    expiring: list[ExpiringMinutes] = []


class LedgerView(BaseModel):
    """A community's ledger; `sum_of_all` is zero, or something is broken."""

    accounts: int
    pool_owes: int
    sum_of_all: int


async def account(tx: asyncpg.Connection, district: str, member_id: UUID, community_id: UUID | None = None) -> TimeAccount:
    """A member's account, in one community or in all of the district."""
    entries = [TimeEntry.model_validate(dict(row)) for row in await tx.fetch(ENTRIES, district, member_id, community_id)]
    return TimeAccount(member_id=member_id, balance=sum(each.minutes for each in entries), entries=entries)


async def ledger(tx: asyncpg.Connection, district: str, community_id: UUID) -> LedgerView:
    """The community's ledger in sums."""
    return LedgerView.model_validate(dict(await tx.fetchrow(LEDGER, district, community_id) or {}))


async def communities(tx: asyncpg.Connection, district: str) -> list[UUID]:
    """Communities that have a ledger."""
    return [row["community_id"] for row in await tx.fetch(COMMUNITIES, district)]
