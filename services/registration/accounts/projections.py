"""Events about accounts → who acts as whom, and what happened, for the member's own page."""

from typing import Final

from services.registration.organisations.projections import Change
from shared.contracts import registration_accounts as a
from shared.eventlog.envelope import Recorded

CLAIMED: Final = "insert into accounts (district, account_hash, member_id) values ($1, $2, $3)"
RELEASED: Final = "delete from accounts where district = $1 and account_hash = $2"
STEP: Final = """
insert into account_steps (district, member_id, version, at, step, actor, valid_until, reason) values ($1, $2, $3, $4, $5, $6, $7, $8)
"""


def of_account(event: Recorded) -> tuple[Change, ...]:
    """Statements and values (without the district) that follow from one event."""
    match event.data:
        case a.AccountCodeIssued() as fact:
            return ((STEP, (fact.member_id, event.stream_version, event.time, "CODE_ISSUED", event.actor, fact.valid_until, None)),)
        case a.AccountClaimFailed() as fact:
            return ((STEP, (fact.member_id, event.stream_version, event.time, "CLAIM_FAILED", event.actor, None, None)),)
        case a.MemberAccountClaimed() as fact:
            step = (STEP, (fact.member_id, event.stream_version, event.time, "CLAIMED", event.actor, None, None))
            return ((CLAIMED, (fact.account_hash, fact.member_id)), step)
        case a.MemberAccountReleased() as fact:
            step = (STEP, (fact.member_id, event.stream_version, event.time, "RELEASED", event.actor, None, fact.reason))
            return ((RELEASED, (fact.account_hash,)), step)
        case _:
            return ()
