"""When two entries of one person were merged, every stream that names the one follows; what has been kept for its years is deleted."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from services.activities.bulletins.bulletin import BULLETIN
from services.activities.calendar.link import LINK
from services.activities.certificates.certificate import CERTIFICATE
from services.activities.checklists.six_ones import CHECKLIST, CompleteChecklistItem, checklist_id
from services.activities.complaints.complaint import COMPLAINT
from services.activities.following import FollowMember
from services.activities.gatherings.activity import ACTIVITY
from services.activities.members import queries
from services.activities.members.retention import RETENTION, YEARS, ApplyRetention, retention_id
from services.activities.needs.need import NEED
from services.activities.neighbourhoods.household_group import GROUP
from services.activities.pairings.pairing import PAIRING
from services.activities.posts.post import SERVICE_POST
from services.activities.suggestions.matter import MATTER
from services.activities.suggestions.suggestion import SUGGESTION
from services.activities.teams.team import TEAM
from services.activities.time_bank.ledger import LEDGER
from shared.calendar.local_time import day_begins, local_day
from shared.contracts.activities.certificates import ServiceCertificateIssued
from shared.contracts.activities.records import ActivityAmended, ActivityPlanned
from shared.contracts.activities.retention import Retained
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.decider import Decider
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call
from shared.privacy.retention import given_up_on, month_after

# The aggregates that name members, by the category of their streams. The six ones have streams of one member each and are carried over.
FOLLOWING: Final[Mapping[str, Decider[Any, Any]]] = {
    each.category: each
    for each in (SERVICE_POST, ACTIVITY, TEAM, PAIRING, GROUP, SUGGESTION, MATTER, NEED, COMPLAINT, BULLETIN, CERTIFICATE, LEDGER, LINK)
}


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
    """A stream that names the id no more decides nothing."""
    command = FollowMember(member_id=task.member_id, into_member_id=task.into_member_id)
    async with call.read() as tx:
        streams = await queries.streams_naming(tx, call.district, task.member_id)
        years = await queries.checklist_years(tx, call.district, task.member_id)
    for category, stream_id in streams:
        decider: Any = FOLLOWING[category]  # every one of them knows FollowMember
        await call.step(f"{category}/{stream_id}").handle(decider, stream_id, command)
    for year in years:
        await _carry_over(task, year, call)


async def _carry_over(task: FollowMerge, year: int, call: Call) -> None:
    """Complete the items of one year again for the surviving id."""
    source = await call.state(CHECKLIST, checklist_id(task.member_id, year))
    survivor = checklist_id(task.into_member_id, year)
    for proof in source.proofs.values():
        again = CompleteChecklistItem.model_validate({**proof.model_dump(), "member_id": task.into_member_id})
        await call.step(f"{year}/{proof.item}/{proof.source_id}").handle(CHECKLIST, survivor, again)


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
