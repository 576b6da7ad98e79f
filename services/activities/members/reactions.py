"""When two entries of one person were merged, every stream that names the one follows; what has been kept for its years is deleted."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from services.activities.following import FollowMember
from services.activities.members import queries
from services.activities.members.retention import RETENTION, YEARS, ApplyRetention, retention_id
from shared.calendar.local_time import day_begins, local_day
from shared.contracts.activities.certificates import ServiceCertificateIssued
from shared.contracts.activities.records import ActivityAmended, ActivityPlanned
from shared.contracts.activities.retention import Retained
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call
from shared.privacy.retention import given_up_on, month_after


class FollowMerge(Task):
    """Put the surviving id in the place of the other one, in every stream that names it."""

    KIND: ClassVar[str] = "follow_member"

    member_id: UUID
    into_member_id: UUID


class Retain(Task):
    """Delete what happened before `until`."""

    KIND: ClassVar[str] = "retain"

    what: Retained
    until: date


def merged(event: Recorded, data: MemberIdentitiesMerged) -> Iterator[Intent]:
    """One intent per entry that is not used any more."""
    task = FollowMerge(member_id=data.member_id, into_member_id=data.into_member_id)
    yield task.intent(f"follow_member/{data.member_id}", event.time)


def planned(_event: Recorded, data: ActivityPlanned | ActivityAmended) -> Iterator[Intent]:
    """Who comes and what is recorded is kept from the end of the activity."""
    until = month_after(local_day(data.ends_at))
    yield _retention(Retained.ATTENDANCE, until)
    yield _retention(Retained.LEDGER, until)


def certified(_event: Recorded, data: ServiceCertificateIssued) -> Iterator[Intent]:
    """A certificate is kept from the day it was issued."""
    yield _retention(Retained.LEDGER, month_after(data.issued_on))


def _retention(what: Retained, until: date) -> Intent:
    """One for all that happened in a month."""
    due: datetime = day_begins(given_up_on(until, YEARS[what]))
    return Retain(what=what, until=until).intent(f"retain/{what}/{until}", due)


async def follow_merge(task: FollowMerge, call: Call) -> None:
    """A stream that names the id no more decides nothing. What members did here before is looked up once the read model has it."""
    call = await call.caught_up()
    command = FollowMember(member_id=task.member_id, into_member_id=task.into_member_id)
    declared = call.runtime.member_rows
    deciders: dict[str, Any] = {rows.aggregate.category: rows.aggregate for rows in declared if rows.aggregate is not None}
    async with call.read() as tx:
        streams = await queries.following_streams(tx, call.district, task.member_id, declared)
    for category, stream_id in streams:
        await call.step(f"{category}/{stream_id}").handle(deciders[category], stream_id, command)
    for rows in declared:
        if rows.carry is not None:
            await rows.carry(call, task.member_id, task.into_member_id)


async def retain(task: Retain, call: Call) -> None:
    """What was deleted once is not deleted again."""
    command = ApplyRetention(what=task.what, until=task.until, applied_on=local_day(call.now))
    await call.handle(RETENTION, retention_id(task.what), command)


REACTIONS: Final[Reactions] = {
    MemberIdentitiesMerged: merged,
    ActivityPlanned: planned,
    ActivityAmended: planned,
    ServiceCertificateIssued: certified,
}
PERFORMERS: Final[Performers] = {FollowMerge: follow_merge, Retain: retain}
