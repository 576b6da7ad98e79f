"""Events about accounts → which account acts as whom, and what happened, for the member's own page."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from shared.contracts.registration.accounts import AccountClaimFailed, AccountCodeIssued, MemberAccountClaimed, MemberAccountReleased
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import delete, fields, save

AccountEvent = AccountCodeIssued | AccountClaimFailed | MemberAccountClaimed | MemberAccountReleased


def code_issued(event: Recorded, data: AccountCodeIssued) -> Iterator[Write]:
    """A code was handed over."""
    yield _step(event, data, "CODE_ISSUED", valid_until=data.valid_until)


def claim_failed(event: Recorded, data: AccountClaimFailed) -> Iterator[Write]:
    """Somebody tried a wrong code."""
    yield _step(event, data, "CLAIM_FAILED")


def claimed(event: Recorded, data: MemberAccountClaimed) -> Iterator[Write]:
    """The account acts as the member."""
    yield save("accounts", fields(data, "account_hash"), fields(data, "member_id"))
    yield _step(event, data, "CLAIMED")


def released(event: Recorded, data: MemberAccountReleased) -> Iterator[Write]:
    """The account acts as nobody."""
    yield delete("accounts", fields(data, "account_hash"))
    yield _step(event, data, "RELEASED", reason=data.reason)


def _step(event: Recorded, data: AccountEvent, step: str, *, valid_until: date | None = None, reason: str | None = None) -> Write:
    what = {"at": event.time, "step": step, "actor": event.actor, "valid_until": valid_until, "reason": reason}
    return save("account_steps", {"member_id": data.member_id, "version": event.stream_version}, what)


PROJECTIONS: Final[Projections] = {
    AccountCodeIssued: code_issued,
    AccountClaimFailed: claim_failed,
    MemberAccountClaimed: claimed,
    MemberAccountReleased: released,
}
