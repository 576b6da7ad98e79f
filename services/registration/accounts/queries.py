"""Accounts: which member one acts as, and what happened about a member's."""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration.accounts import AccountReleaseReason

HOLDER: Final = "SELECT member_id FROM accounts WHERE district = $1 AND account_hash = $2"
BY_NUMBER: Final = "SELECT member_id FROM member_directory WHERE district = $1 AND member_no = $2"
STEPS: Final = """
SELECT at, step, actor, valid_until, reason FROM account_steps WHERE district = $1 AND member_id = $2
ORDER BY version DESC LIMIT $3
"""
MOST_STEPS: Final = 100


class AccountStep(BaseModel):
    """A code was issued or tried in vain, the account claimed or released. `actor` is who did it, for an account a pseudonym."""

    at: datetime
    step: Literal["CODE_ISSUED", "CLAIM_FAILED", "CLAIMED", "RELEASED"]
    actor: str
    valid_until: date | None
    reason: AccountReleaseReason | None


async def member_of(tx: asyncpg.Connection, district: str, account_hash: str) -> UUID | None:
    """The member that an account acts as."""
    return await tx.fetchval(HOLDER, district, account_hash)


async def numbered(tx: asyncpg.Connection, district: str, member_no: str) -> UUID | None:
    """The member with this printed number."""
    return await tx.fetchval(BY_NUMBER, district, member_no)


async def steps_of(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[AccountStep]:
    """What happened about a member's account, newest first."""
    return [AccountStep(**row) for row in await tx.fetch(STEPS, district, member_id, MOST_STEPS)]
