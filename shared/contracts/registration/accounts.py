"""Events of registration about how a member gets in: a code handed over by unit or community, and the account that was claimed with it.

Neither code nor account stands here: both are keyed hashes (HMAC) that only registration can make, so that nobody tries them out.
"""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class AccountReleaseReason(StrEnum):
    """Why an account no longer acts as the member."""

    LOST = "LOST"  # the member cannot get into it any more
    WRONG_PERSON = "WRONG_PERSON"
    NOT_WANTED = "NOT_WANTED"
    MERGED = "MERGED"  # it goes over to the entry that stays
    ERASED = "ERASED"


class AccountCodeIssued(Event):
    """Unit or community printed a code for the member; a code from before is void. `valid_until` is its last day."""

    TYPE: ClassVar[str] = "guangcai.registration.AccountCodeIssued"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    code_hash: str
    valid_until: date
    issued_by: str


class AccountClaimFailed(Event):
    """Somebody named the member's number with a wrong code. With no attempts left the code is void."""

    TYPE: ClassVar[str] = "guangcai.registration.AccountClaimFailed"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    account_hash: str
    attempts_left: int


class MemberAccountClaimed(Event):
    """This account acts as the member from now on; the code is spent."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberAccountClaimed"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    account_hash: str


class MemberAccountReleased(Event):
    """The account does not act as the member any more; with a new code another one can."""

    TYPE: ClassVar[str] = "guangcai.registration.MemberAccountReleased"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    account_hash: str
    reason: AccountReleaseReason
