"""The event that benchmarks write: a confirmed activity record of about 400 bytes, the most frequent event of the product."""

from datetime import UTC, date, datetime, timedelta
from random import getrandbits
from time import time
from uuid import UUID, uuid5

from shared.contracts.activities.codes import ActivityType, EvidenceLevel, SixOnesItem, TimeBand
from shared.contracts.activities.records import ActivityConfirmed
from shared.eventlog.envelope import Context
from shared.eventlog.log import Append, StreamVersion

SPACE = UUID("5d0c6a1e-8d3c-5b53-9a50-7e0a5f6c1d01")
DISTRICT = "bench"
START = datetime(2026, 3, 28, 1, 0, tzinfo=UTC)


def uuid(*parts: object) -> UUID:
    """A stable id for these words."""
    return uuid5(SPACE, "/".join(map(str, parts)))


def in_order_of_time() -> UUID:
    """A new UUIDv7, like the ids of streams and commands in the product."""
    return UUID(int=int(time() * 1000) << 80 | 0x7 << 76 | getrandbits(12) << 64 | 0x2 << 62 | getrandbits(62))


MEMBER, COMMUNITY, UNIT, ACTIVITY = uuid("member"), uuid("community"), uuid("unit"), uuid("activity")


def confirmed(record_id: UUID, member_id: UUID = MEMBER, minutes: int = 90) -> ActivityConfirmed:
    """One confirmed record."""
    return ActivityConfirmed(
        record_id=record_id,
        activity_id=ACTIVITY,
        member_id=member_id,
        community_id=COMMUNITY,
        unit_id=UNIT,
        activity_type=ActivityType.VOLUNTEER_SERVICE,
        time_band=TimeBand.OUTSIDE_WORK_HOURS,
        served_on=date(2026, 3, 28),
        starts_at=START,
        ends_at=START + timedelta(minutes=minutes),
        minutes=minutes,
        duty_units=1,
        six_ones_item=SixOnesItem.VOLUNTEER_ACTIVITY,
        evidence_level=EvidenceLevel.ORGANISER_CONFIRMED,
        confirmed_by="secretary",
    )


PAYLOAD = confirmed(uuid("record"))


def append(record_id: UUID, after: int = 0, payload: ActivityConfirmed = PAYLOAD) -> Append:
    """A command that adds one decided event to a stream of its own."""
    return Append(Context(DISTRICT, record_id, START, "secretary"), StreamVersion(f"activity/{record_id}", after), [payload])
