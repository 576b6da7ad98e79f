"""Activities, rosters, records, and what waits for confirmation."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.gatherings.state import RecordStatus
from services.activities.plans.planned_days import LongDay
from services.activities.records.logging import TimeElsewhere
from shared.contracts.activities import ActivityOutcome, ActivityType, Attendance, EvidenceLevel, RecordFlag, SixOnesItem, TimeBand

ACTIVITIES: Final = """
SELECT a.*, s.signed_up, s.waiting, r.open_records, r.confirmed_records, r.minutes
FROM activities a
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE is_signed_up) AS signed_up,
                           count(*) FILTER (WHERE waiting_since IS NOT NULL) AS waiting FROM participants
                    WHERE district = a.district AND activity_id = a.activity_id) AS s
CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE status = 'LOGGED') AS open_records,
                           count(*) FILTER (WHERE status = 'CONFIRMED') AS confirmed_records,
                           coalesce(sum(minutes) FILTER (WHERE status = 'CONFIRMED'), 0) AS minutes
                    FROM records WHERE district = a.district AND activity_id = a.activity_id) AS r
WHERE ($1::uuid IS NULL OR a.community_id = $1) AND ($2::text IS NULL OR a.status = $2)
  AND ($3::timestamptz IS NULL OR a.starts_at >= $3) AND ($4::timestamptz IS NULL OR a.starts_at < $4)
  AND ($5::uuid IS NULL OR a.activity_id = $5)
  AND ($6::timestamptz IS NULL OR (a.starts_at, a.activity_id) > ($6, $7::uuid))
  AND (a.status <> 'PLANNED' OR a.community_id = ANY($8))
ORDER BY a.starts_at, a.activity_id LIMIT $9
"""
CONFIRMATIONS: Final = """
SELECT a.activity_id, a.community_id, a.title, a.activity_type, a.starts_at, count(*) AS open_records,
       count(*) FILTER (WHERE cardinality(r.flags) > 0) AS flagged_records, sum(r.minutes) AS minutes
FROM records r JOIN activities a USING (district, activity_id)
WHERE r.status = 'LOGGED' AND a.community_id = ANY($1)
  AND ($2::timestamptz IS NULL OR (a.starts_at, a.activity_id) > ($2, $3::uuid))
GROUP BY a.activity_id, a.community_id, a.title, a.activity_type, a.starts_at ORDER BY a.starts_at, a.activity_id LIMIT $4
"""
PARTICIPANTS: Final = """
SELECT member_id, is_signed_up, CASE WHEN waiting_since IS NOT NULL THEN rank() OVER (ORDER BY waiting_since) END AS waiting_position,
       leave, leave_reason, attendance, attendance_recorder
FROM participants WHERE activity_id = $1 ORDER BY member_id
"""
RECORDS_OF_ACTIVITY: Final = "SELECT * FROM records WHERE activity_id = $1 ORDER BY member_id, starts_at, record_id"
RECORDS_OF_MEMBER: Final = """
SELECT * FROM records WHERE member_id = $1 AND ($2::date IS NULL OR (served_on, record_id) > ($2, $3::uuid))
ORDER BY served_on, record_id LIMIT $4
"""
ACTIVITIES_OF_MEMBER: Final = """
SELECT a.activity_id, a.community_id, a.title, a.activity_type, a.time_band, a.starts_at, a.ends_at, a.place, a.status,
       p.is_signed_up, p.leave, p.attendance, p.attendance_recorder,
       CASE WHEN p.waiting_since IS NOT NULL THEN (SELECT count(*) FROM participants q WHERE q.district = p.district
            AND q.activity_id = p.activity_id AND q.waiting_since <= p.waiting_since) END AS waiting_position
FROM participants p JOIN activities a USING (district, activity_id)
WHERE p.member_id = $1 AND ($2::timestamptz IS NULL OR (a.starts_at, a.activity_id) > ($2, $3::uuid))
ORDER BY a.starts_at, a.activity_id LIMIT $4
"""
RECORD_IN_FORCE: Final = "SELECT record_id, member_id, event_id, revision, status FROM records WHERE record_id = $1 AND activity_id = $2"
# Two days around, because a record belongs to the day it starts on and may reach into the next.
# Member by member: otherwise a plan for any value, or one made before there are statistics, begins with everybody's records.
ELSEWHERE: Final = """
SELECT asked.id AS member_id, starts_at, ends_at, minutes FROM unnest($1::uuid[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT starts_at, ends_at, minutes FROM records
    WHERE member_id = asked.id AND activity_id <> $2 AND status = ANY($5) AND served_on BETWEEN $3::date - 2 AND $4::date + 2 OFFSET 0
) AS theirs ORDER BY starts_at
"""


class ActivitySummary(BaseModel):
    """An activity with how many come and what was recorded."""

    activity_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    time_band: TimeBand
    starts_at: datetime
    ends_at: datetime
    place: str
    capacity: int | None
    description: str
    status: str
    six_ones_item: SixOnesItem | None
    post_id: UUID | None
    team_id: UUID | None
    series_id: UUID | None
    unit_consent: str | None
    time_band_reason: str | None
    is_with_minors: bool
    waiting_list_limit: int
    signed_up: int
    waiting: int
    open_records: int
    confirmed_records: int
    minutes: int


class RecordView(BaseModel):
    """A record as it counts now, with the event in force."""

    record_id: UUID
    record_no: str
    activity_id: UUID
    member_id: UUID
    activity_name: str
    activity_type: ActivityType
    time_band: TimeBand
    place: str
    recipient_type: str
    content: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    served_on: date
    person_in_charge: str
    recorder: str
    evidence_level: EvidenceLevel
    post_id: UUID | None
    duty_units: int
    six_ones_item: SixOnesItem | None
    outcomes: tuple[ActivityOutcome, ...]
    flags: tuple[RecordFlag, ...]
    status: str
    revision: int
    event_id: UUID
    decided_by: str | None
    reason: str | None
    correction_requested: str | None
    answer_correction_by: date | None


class RosterMember(BaseModel):
    """One member on a roster."""

    member_id: UUID
    is_signed_up: bool = False
    waiting_position: int | None = None
    leave: str | None = None
    leave_reason: str | None = None
    attendance: Attendance | None = None
    attendance_recorder: str | None = None
    records: list[RecordView] = []


class Roster(ActivitySummary):
    """An activity with everybody on it, by member id."""

    members: list[RosterMember]


class OpenConfirmation(BaseModel):
    """An activity with records that wait for confirmation."""

    activity_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    starts_at: datetime
    open_records: int
    flagged_records: int
    minutes: int


class MyActivity(BaseModel):
    """An activity from one member's side; `long_days`: of its days to come, those with more than eight planned hours."""

    activity_id: UUID
    community_id: UUID
    title: str
    activity_type: ActivityType
    time_band: TimeBand
    starts_at: datetime
    ends_at: datetime
    place: str
    status: str
    is_signed_up: bool
    waiting_position: int | None
    leave: str | None
    attendance: Attendance | None
    attendance_recorder: str | None
    long_days: tuple[LongDay, ...] = ()


class RecordInForce(BaseModel):
    """What a correction has to name."""

    record_id: UUID
    member_id: UUID
    event_id: UUID
    revision: int
    status: str


Moment = tuple[datetime, UUID]


@dataclass(frozen=True, slots=True)
class ActivityFilter:
    """What a list of activities is narrowed to; plans not yet published are shown to their own communities (`acting_for`) only."""

    acting_for: tuple[UUID, ...] = ()
    community_id: UUID | None = None
    status: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    activity_id: UUID | None = None
    after: Moment | None = None
    limit: int = 1


async def activity_list(tx: asyncpg.Connection, wanted: ActivityFilter) -> list[ActivitySummary]:
    """Activities in order of their start, one more than `limit` when there are more."""
    filters = (wanted.community_id, wanted.status, wanted.starts_from, wanted.starts_before, wanted.activity_id)
    rows = await tx.fetch(ACTIVITIES, *filters, *(wanted.after or (None, None)), list(wanted.acting_for), wanted.limit + 1)
    return [ActivitySummary.model_validate(dict(row)) for row in rows]


async def activity(tx: asyncpg.Connection, activity_id: UUID, acting_for: tuple[UUID, ...]) -> ActivitySummary | None:
    """Find one activity."""
    found = await activity_list(tx, ActivityFilter(activity_id=activity_id, acting_for=acting_for))
    return found[0] if found else None


async def open_confirmations(tx: asyncpg.Connection, communities: list[UUID], after: Moment | None, limit: int) -> list[OpenConfirmation]:
    """Activities with open records, oldest first."""
    rows = await tx.fetch(CONFIRMATIONS, communities, *(after or (None, None)), limit + 1)
    return [OpenConfirmation.model_validate(dict(row)) for row in rows]


async def roster(tx: asyncpg.Connection, summary: ActivitySummary) -> Roster:
    """Everybody who signed up, was noted or has a record."""
    people = {row["member_id"]: RosterMember.model_validate(dict(row)) for row in await tx.fetch(PARTICIPANTS, summary.activity_id)}
    for row in await tx.fetch(RECORDS_OF_ACTIVITY, summary.activity_id):
        person = people.setdefault(row["member_id"], RosterMember(member_id=row["member_id"]))
        person.records.append(RecordView.model_validate(dict(row)))
    return Roster(**summary.model_dump(), members=[people[member] for member in sorted(people)])


async def member_records(tx: asyncpg.Connection, member_id: UUID, after: tuple[date, UUID] | None, limit: int) -> list[RecordView]:
    """A member's records by day."""
    rows = await tx.fetch(RECORDS_OF_MEMBER, member_id, *(after or (None, None)), limit + 1)
    return [RecordView.model_validate(dict(row)) for row in rows]


async def member_activities(tx: asyncpg.Connection, member_id: UUID, after: Moment | None, limit: int) -> list[MyActivity]:
    """Activities a member signed up for or was noted at, by start."""
    rows = await tx.fetch(ACTIVITIES_OF_MEMBER, member_id, *(after or (None, None)), limit + 1)
    return [MyActivity.model_validate(dict(row)) for row in rows]


async def record_in_force(tx: asyncpg.Connection, activity_id: UUID, record_id: UUID) -> RecordInForce | None:
    """Return the event in force of a record."""
    row = await tx.fetchrow(RECORD_IN_FORCE, record_id, activity_id)
    return None if row is None else RecordInForce.model_validate(dict(row))


async def time_elsewhere(
    tx: asyncpg.Connection, activity_id: UUID, members: list[UUID], days: tuple[date, date], statuses: tuple[RecordStatus, ...]
) -> dict[UUID, tuple[TimeElsewhere, ...]]:
    """Records of these members with one of these statuses in other activities around these days."""
    found: dict[UUID, tuple[TimeElsewhere, ...]] = {}
    for row in await tx.fetch(ELSEWHERE, set(members), activity_id, *days, list(statuses)):
        time = TimeElsewhere(starts_at=row["starts_at"], ends_at=row["ends_at"], minutes=row["minutes"])
        found[row["member_id"]] = (*found.get(row["member_id"], ()), time)
    return found
