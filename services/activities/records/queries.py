"""Records of service as they count, rosters, what waits for confirmation, and requests that nobody has answered yet."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.activities.gatherings.queries import ActivitySummary, Moment
from services.activities.records.service_log import TimeElsewhere
from shared.contracts.activities.codes import ActivityOutcome, ActivityType, Attendance, EvidenceLevel, RecordFlag, SixOnesItem, TimeBand

CONFIRMATIONS: Final = """
SELECT a.activity_id, a.community_id, a.title, a.activity_type, a.starts_at, count(*) AS open_records,
       count(*) FILTER (WHERE cardinality(r.flags) > 0) AS flagged_records, sum(r.minutes) AS minutes
FROM records r JOIN activities a USING (district, activity_id)
WHERE r.district = $1 AND r.status = 'LOGGED' AND a.community_id = ANY($2)
  AND ($3::timestamptz IS NULL OR (a.starts_at, a.activity_id) > ($3, $4::uuid))
GROUP BY a.activity_id, a.community_id, a.title, a.activity_type, a.starts_at ORDER BY a.starts_at, a.activity_id LIMIT $5
"""
PARTICIPANTS: Final = """
SELECT member_id, is_signed_up, CASE WHEN waiting_since IS NOT NULL THEN rank() OVER (ORDER BY waiting_since) END AS waiting_position,
       leave, leave_reason, attendance, attendance_recorder
FROM participants WHERE district = $1 AND activity_id = $2 ORDER BY member_id
"""
RECORDS_OF_ACTIVITY: Final = """
SELECT * FROM records WHERE district = $1 AND activity_id = $2 ORDER BY member_id, starts_at, record_id
"""
RECORDS_OF_MEMBER: Final = """
SELECT * FROM records WHERE district = $1 AND member_id = $2 AND ($3::date IS NULL OR (served_on, record_id) > ($3, $4::uuid))
ORDER BY served_on, record_id LIMIT $5
"""
RECORD_IN_FORCE: Final = """
SELECT record_id, member_id, served_on, event_id, revision, status FROM records WHERE district = $1 AND record_id = $2 AND activity_id = $3
"""
# Two days around, because a record belongs to the day it starts on and may reach into the next.
# Member by member: otherwise a plan for any value, or one made before there are statistics, begins with everybody's records.
ELSEWHERE: Final = """
SELECT asked.id AS member_id, starts_at, ends_at, minutes FROM unnest($2::uuid[]) AS asked (id) CROSS JOIN LATERAL (
    SELECT starts_at, ends_at, minutes FROM records
    WHERE district = $1 AND member_id = asked.id AND activity_id <> $3 AND status = ANY($6)
      AND served_on BETWEEN $4::date - 2 AND $5::date + 2 OFFSET 0
) AS theirs ORDER BY starts_at
"""
OPEN_REQUESTS: Final = """
SELECT record_id, record_no, activity_id, activity_name, community_id, member_id, served_on, minutes, status,
       correction_requested AS request, answer_correction_by AS answer_by, coalesce(answer_correction_by < $3, false) AS is_overdue
FROM records
WHERE district = $1 AND correction_requested IS NOT NULL AND ($2::uuid[] IS NULL OR community_id = ANY($2))
  AND (NOT $4 OR answer_correction_by < $3) AND ($5::uuid IS NULL OR record_id > $5) ORDER BY record_id LIMIT $6
"""
CONFIRMED: Final = ("CONFIRMED",)
LIVING: Final = ("LOGGED", "CONFIRMED")


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
    waiting_minutes: int
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


class RecordInForce(BaseModel):
    """What a correction has to name."""

    record_id: UUID
    member_id: UUID
    served_on: date
    event_id: UUID
    revision: int
    status: str


class OpenRequest(BaseModel):
    """What a member asks for, of which record, and until when it is answered; requests of the time before have no day."""

    record_id: UUID
    record_no: str
    activity_id: UUID
    activity_name: str
    community_id: UUID
    member_id: UUID
    served_on: date
    minutes: int
    status: str
    request: str
    answer_by: date | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class RequestFilter:
    """What a list of requests is narrowed to: communities (None: all), and those whose day has passed."""

    communities: tuple[UUID, ...] | None
    only_overdue: bool
    today: date
    after: UUID | None
    limit: int


async def open_confirmations(
    tx: asyncpg.Connection, district: str, communities: list[UUID], after: Moment | None, limit: int
) -> list[OpenConfirmation]:
    """Activities with open records, oldest first."""
    rows = await tx.fetch(CONFIRMATIONS, district, communities, *(after or (None, None)), limit + 1)
    return [OpenConfirmation.model_validate(dict(row)) for row in rows]


async def roster(tx: asyncpg.Connection, district: str, summary: ActivitySummary) -> Roster:
    """Everybody who signed up, was noted or has a record."""
    people = {
        row["member_id"]: RosterMember.model_validate(dict(row)) for row in await tx.fetch(PARTICIPANTS, district, summary.activity_id)
    }
    for row in await tx.fetch(RECORDS_OF_ACTIVITY, district, summary.activity_id):
        person = people.setdefault(row["member_id"], RosterMember(member_id=row["member_id"]))
        person.records.append(RecordView.model_validate(dict(row)))
    return Roster(**summary.model_dump(), members=[people[member] for member in sorted(people)])


async def member_records(
    tx: asyncpg.Connection, district: str, member_id: UUID, after: tuple[date, UUID] | None, limit: int
) -> list[RecordView]:
    """A member's records by day."""
    rows = await tx.fetch(RECORDS_OF_MEMBER, district, member_id, *(after or (None, None)), limit + 1)
    return [RecordView.model_validate(dict(row)) for row in rows]


async def record_in_force(tx: asyncpg.Connection, district: str, activity_id: UUID, record_id: UUID) -> RecordInForce | None:
    """Return the event in force of a record."""
    row = await tx.fetchrow(RECORD_IN_FORCE, district, record_id, activity_id)
    return None if row is None else RecordInForce.model_validate(dict(row))


async def time_elsewhere(
    tx: asyncpg.Connection, district: str, activity_id: UUID, members: list[UUID], days: tuple[date, date], statuses: tuple[str, ...]
) -> dict[UUID, tuple[TimeElsewhere, ...]]:
    """Records of these members with one of these statuses in other activities around these days."""
    found: dict[UUID, tuple[TimeElsewhere, ...]] = {}
    for row in await tx.fetch(ELSEWHERE, district, set(members), activity_id, *days, list(statuses)):
        time = TimeElsewhere(starts_at=row["starts_at"], ends_at=row["ends_at"], minutes=row["minutes"])
        found[row["member_id"]] = (*found.get(row["member_id"], ()), time)
    return found


async def open_requests(tx: asyncpg.Connection, district: str, wanted: RequestFilter) -> list[OpenRequest]:
    """Unanswered requests in order of their records, one more than `limit` when there are more."""
    communities = None if wanted.communities is None else list(wanted.communities)
    filters = (communities, wanted.today, wanted.only_overdue, wanted.after)
    rows = await tx.fetch(OPEN_REQUESTS, district, *filters, wanted.limit + 1)
    return [OpenRequest.model_validate(dict(row)) for row in rows]
