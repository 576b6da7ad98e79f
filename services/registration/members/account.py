"""First sign-in of a member: a code on paper from unit or community, claimed by an account of the identity provider (ADR 14).

Invariant: one account per member and one member per account; a code works once, for a week, for five attempts, for the latest of them only,
and never for the account that issued it.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.accounts import (
    AccountClaimFailed,
    AccountCodeIssued,
    AccountReleaseReason,
    MemberAccountClaimed,
    MemberAccountReleased,
)
from shared.decider import Command, DomainError, Release, Reservation, Reserve

MOST_ATTEMPTS: Final = 5


class IssueAccountCode(Command):
    """Hand a code to the member; the caller printed it, here is its hash."""

    code_hash: str
    valid_until: date
    issued_by: str


class ClaimAccount(Command):
    """Say by the code that this account is the member's. `claimed_by` is compared with who issued the code and kept nowhere."""

    code_hash: str
    account_hash: str
    claimed_by: str
    today: date


class TakeOverAccount(Command):
    """Let the account of an entry that was merged into this one act as this member, unless the member has one."""

    account_hash: str


class ReleaseAccount(Command):
    """Let the account act as the member no longer."""

    reason: AccountReleaseReason


AccountCommand = IssueAccountCode | ClaimAccount | TakeOverAccount | ReleaseAccount


class AccountAlreadyClaimed(DomainError):
    """The member has an account; it has to be released before another one can be claimed."""


class AccountClaimRefused(DomainError):
    """Number and code do not open an account; ask your unit or community for a new code."""


class AccountTaken(DomainError):
    """This account belongs to another member of the district."""


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account (None: nobody's) and which code is out; `attempts` that are left on it."""

    account_hash: str | None = None
    code: AccountCodeIssued | None = None
    attempts: int = 0


def decide_account(command: AccountCommand, member_id: UUID, state: Account) -> tuple[Event, ...]:
    """Events that follow from a command about a member's account."""
    match command:
        case IssueAccountCode():
            if state.account_hash is not None:
                raise AccountAlreadyClaimed
            return (AccountCodeIssued(member_id=member_id, **command.model_dump()),)
        case ClaimAccount():
            return _claim(command, member_id, state)
        case TakeOverAccount():
            claimed = MemberAccountClaimed(member_id=member_id, account_hash=command.account_hash)
            return (claimed,) if state.account_hash is None else ()
        case ReleaseAccount():
            return release(member_id, state, command.reason)
        case _:
            assert_never(command)


def _claim(command: ClaimAccount, member_id: UUID, state: Account) -> tuple[Event, ...]:
    if state.account_hash == command.account_hash:
        return ()
    code = state.code
    if code is None or state.attempts == 0 or command.today > code.valid_until or command.claimed_by == code.issued_by:
        raise AccountClaimRefused
    if command.code_hash != code.code_hash:
        return (AccountClaimFailed(member_id=member_id, account_hash=command.account_hash, attempts_left=state.attempts - 1),)
    return (MemberAccountClaimed(member_id=member_id, account_hash=command.account_hash),)


def release(member_id: UUID, state: Account, reason: AccountReleaseReason) -> tuple[Event, ...]:
    """The account goes; nothing when there is none."""
    if state.account_hash is None:
        return ()
    return (MemberAccountReleased(member_id=member_id, account_hash=state.account_hash, reason=reason),)


def evolve_account(state: Account, event: Event) -> Account:
    """The account after one more event; others change nothing."""
    match event:
        case AccountCodeIssued():
            return replace(state, code=event, attempts=MOST_ATTEMPTS)
        case AccountClaimFailed():
            return replace(state, attempts=event.attempts_left)
        case MemberAccountClaimed():
            return Account(account_hash=event.account_hash)
        case MemberAccountReleased():
            return Account()
        case _:
            return state


def account_reservations(event: Event) -> tuple[Reservation, ...]:
    """One account acts as one member of the district."""
    match event:
        case MemberAccountClaimed():
            return (Reserve("account", event.account_hash, AccountTaken),)
        case MemberAccountReleased():
            return (Release("account", event.account_hash),)
        case _:
            return ()
