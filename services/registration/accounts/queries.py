"""Accounts: which member one acts as, and what happened about a member's."""

from datetime import date, datetime
from typing import Final, Literal
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration_accounts import AccountReleaseReason

HOLDER: Final = "select member_id from accounts where district = $1 and account_hash = $2"
BY_NUMBER: Final = "select member_id from member_directory where district = $1 and member_no = $2"
STEPS: Final = """
select at, step, actor, valid_until, reason from account_steps where district = $1 and member_id = $2
order by version desc limit $3
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
