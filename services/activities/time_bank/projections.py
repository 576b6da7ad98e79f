"""Entries of the time bank as rows; no row is ever removed."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.time_bank import TimeCredited, TimeExpired, TimeRedeemed, TimeReversed, TimeTransferred
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import fields, save


def credited(event: Recorded, data: TimeCredited) -> Iterator[Write]:
    """Minutes for confirmed service."""
    yield _entry(event, data, kind="CREDIT", **fields(data, "record_id", "expires_on"))


def transferred(event: Recorded, data: TimeTransferred) -> Iterator[Write]:
    """Minutes passed on to another member."""
    yield _entry(event, data, kind="TRANSFER")


def redeemed(event: Recorded, data: TimeRedeemed) -> Iterator[Write]:
    """Minutes spent on help."""
    yield _entry(event, data, kind="REDEMPTION", purpose=data.purpose)


def expired(event: Recorded, data: TimeExpired) -> Iterator[Write]:
    """Minutes whose last day is over."""
    yield _entry(event, data, kind="EXPIRY", expires_on=data.expires_on)


def reversed_(event: Recorded, data: TimeReversed) -> Iterator[Write]:
    """The mirror image of a wrong entry."""
    yield _entry(event, data, kind="REVERSAL", purpose=data.reason, **fields(data, "reverses_entry_id", "record_id"))


def _entry(event: Recorded, data: object, **values: Any) -> Write:
    facts = fields(data, "community_id", "from_member_id", "to_member_id", "minutes")
    return save("time_entries", fields(data, "entry_id"), {**facts, "at": event.time, "arrived": event.sequence, **values})


PROJECTIONS: Final[Projections] = {
    TimeCredited: credited,
    TimeTransferred: transferred,
    TimeRedeemed: redeemed,
    TimeExpired: expired,
    TimeReversed: reversed_,
}
