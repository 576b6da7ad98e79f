"""Events of the time bank (社区时间银行), where a district has switched it on. Every event moves minutes from one account to another.

None as member is the community's pool, so the sum over all accounts is always zero. Minutes never become points, nor points minutes.
Minutes keep their last day, whoever holds them.
"""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class _Move(Value):
    entry_id: UUID
    community_id: UUID
    from_member_id: UUID | None
    to_member_id: UUID | None
    minutes: int


class TimeLot(Value):
    """Minutes that were credited by one entry, the source, and can be used until its day."""

    source_entry_id: UUID
    minutes: int
    expires_on: date | None = None


class TimeCredited(_Move, Event):
    """Confirmed service on a post of the time bank; `record_revision` says which word about the record this is. `expires_on` is the last
    day on which the minutes can be used; without it they never expire.
    """

    TYPE: ClassVar[str] = "guangcai.activities.TimeCredited"
    VERSION: ClassVar[int] = 1

    record_id: UUID
    record_revision: int
    expires_on: date | None = None


class TimeTransferred(_Move, Event):
    """A member passed minutes on, by their own act or (`assisted_consent`) by word to the community. `lots` says which minutes; without
    them they never expire.
    """

    TYPE: ClassVar[str] = "guangcai.activities.TimeTransferred"
    VERSION: ClassVar[int] = 1

    assisted_consent: str | None = None
    lots: tuple[TimeLot, ...] = ()


class TimeExpired(_Move, Event):
    """The last day of these minutes is over, by the rules under which they were credited; they go back to the pool."""

    TYPE: ClassVar[str] = "guangcai.activities.TimeExpired"
    VERSION: ClassVar[int] = 1

    source_entry_id: UUID
    expires_on: date


class TimeRedeemed(_Move, Event):
    """The member received help for minutes."""

    TYPE: ClassVar[str] = "guangcai.activities.TimeRedeemed"
    VERSION: ClassVar[int] = 1

    purpose: str
    assisted_consent: str | None = None


class TimeReversed(_Move, Event):
    """An earlier entry is taken back by its mirror image; both stay. `record_revision`: the word about the record that caused it."""

    TYPE: ClassVar[str] = "guangcai.activities.TimeReversed"
    VERSION: ClassVar[int] = 1

    reverses_entry_id: UUID
    reason: str
    reversed_by: str | None = None
    record_id: UUID | None = None
    record_revision: int | None = None
