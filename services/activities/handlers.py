"""What follows from events in the features that are not converted yet: when the day of a correction request passes, that is
said once; when two entries of one person were merged, every stream follows; what has been kept for its years is given up.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.activities.bulletins.bulletin import BULLETIN
from services.activities.calendar.link import LINK
from services.activities.certificates.certificate import CERTIFICATE
from services.activities.checklists.six_ones import CHECKLIST, CompleteChecklistItem, checklist_id
from services.activities.complaints.complaint import COMPLAINT
from services.activities.following import FollowMember
from services.activities.gatherings.activity import ACTIVITY
from services.activities.members import identity
from services.activities.members.retention import RETENTION, YEARS, ApplyRetention, retention_id
from services.activities.needs.need import NEED
from services.activities.neighbourhoods.household_group import GROUP
from services.activities.pairings.pairing import PAIRING
from services.activities.posts.post import POST
from services.activities.records.corrections import RemindOfCorrection
from services.activities.suggestions.matter import MATTER
from services.activities.suggestions.suggestion import SUGGESTION
from services.activities.teams.team import TEAM
from services.activities.time_bank.ledger import LEDGER
from services.activities.work_hours import day_after_begins, day_begins, local_day
from shared.contracts import activities as own
from shared.contracts import registration_changes as changes
from shared.contracts.activities import Retained
from shared.decider import Decider
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.retention import given_up_on, month_after
from shared.web import Call

FOLLOW, REMIND_OF_CORRECTION, RETAIN = "follow_member", "remind_of_correction", "retain"
FOLLOWING: Final[Mapping[str, Decider[Any, Any]]] = {
    each.category: each
    for each in (POST, ACTIVITY, TEAM, PAIRING, GROUP, SUGGESTION, MATTER, NEED, COMPLAINT, BULLETIN, CERTIFICATE, LEDGER, LINK)
}


def react(event: Recorded) -> tuple[Intent, ...]:
    """Intents that follow from one event."""
    match data := event.data:
        case own.RecordCorrectionRequested(answer_by=date() as answer_by):
            payload = {"activity_id": str(data.activity_id), "record_id": str(data.record_id)}
            return (Intent(f"{REMIND_OF_CORRECTION}/{event.id}", REMIND_OF_CORRECTION, payload, day_after_begins(answer_by)),)
        case own.ActivityPlanned() | own.ActivityAmended():
            until = month_after(local_day(data.ends_at))
            return (_retention(Retained.ATTENDANCE, until), _retention(Retained.LEDGER, until))
        case own.ServiceCertificateIssued():
            return (_retention(Retained.LEDGER, month_after(data.issued_on)),)
        case changes.MemberIdentitiesMerged():
            payload = {"member_id": str(data.member_id), "into_member_id": str(data.into_member_id)}
            return (Intent(f"{FOLLOW}/{data.member_id}", FOLLOW, payload, event.time),)
        case _:
            return ()


def _retention(what: Retained, until: date) -> Intent:
    """One for all that happened in a month."""
    payload = {"what": what.value, "until": until.isoformat()}
    return Intent(f"{RETAIN}/{what}/{until}", RETAIN, payload, day_begins(given_up_on(until, YEARS[what])))


async def perform(intent: Intent, call: Call) -> None:
    """Carry out one intent; repeating it changes nothing."""
    match intent.kind:
        case "follow_member":
            await _follow_member(FollowMember.model_validate(intent.payload), call)
        case "remind_of_correction":
            command = RemindOfCorrection(record_id=UUID(intent.payload["record_id"]), today=local_day(call.now))
            await call.handle(ACTIVITY, UUID(intent.payload["activity_id"]), command)
        case "retain":
            retention = ApplyRetention.model_validate({**intent.payload, "applied_on": local_day(call.now)})
            await call.handle(RETENTION, retention_id(retention.what), retention)
        case _:
            message = f"no reaction is called {intent.kind!r}"
            raise LookupError(message)


async def _follow_member(command: FollowMember, call: Call) -> None:
    async with call.read() as tx:
        streams = await identity.streams_naming(tx, command.member_id)
        years = await identity.checklist_years(tx, command.member_id)
    for category, stream_id in streams:
        decider: Any = FOLLOWING[category]
        await call.step(f"{category}/{stream_id}").handle(decider, stream_id, command)
    for year in years:
        given_up = await call.state(CHECKLIST, checklist_id(command.member_id, year))
        survivor = checklist_id(command.into_member_id, year)
        for proof in given_up.proofs.values():
            again = CompleteChecklistItem.model_validate({**proof.model_dump(), "member_id": command.into_member_id})
            await call.step(f"{year}/{proof.item}/{proof.source_id}").handle(CHECKLIST, survivor, again)
