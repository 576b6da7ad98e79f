"""What follows from events of the features that are not converted yet: proofs for the six ones, certificates, the time bank, pairings."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from dateutil.relativedelta import relativedelta
from pydantic import BaseModel

from services.activities.certificates import queries as certificates
from services.activities.certificates.certificate import CERTIFICATE, SupersedeCertificate
from services.activities.checklists.six_ones import CHECKLIST, CompleteChecklistItem, WithdrawEvidence, checklist_id
from services.activities.complaints.complaint import COMPLAINT, RemindOfComplaint
from services.activities.modules.module import MODULE, module_id
from services.activities.needs.need import NEED, RemindOfNeed
from services.activities.neighbourhoods import queries as neighbourhoods
from services.activities.pairings.pairing import PAIRING, LeavePairing
from services.activities.posts.post import POST
from services.activities.posts.state import Unproposed
from services.activities.time_bank import queries as time_bank
from services.activities.time_bank.ledger import LEDGER, BankService, ExpireTime
from shared.contracts import activities as own
from shared.contracts import registration
from shared.contracts.activities import DistrictModule, NeedLimit, ReleaseReason, SixOnesItem
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.local_time import day_after_begins, local_day
from shared.web import Call

COMPLETE, WITHDRAW, LEAVE, BANK = "complete_item", "withdraw_evidence", "leave_pairings", "bank_service"
SUPERSEDE, REMIND, EXPIRE = "supersede_certificates", "remind_of_need", "expire_time"
REMIND_OF_COMPLAINT = "remind_of_complaint"
Judged = own.ActivityConfirmed | own.ActivityCorrected | own.ActivityVoided


class Evidence(BaseModel):
    """Payload of the intents about a checklist."""

    member_id: UUID
    community_id: UUID
    year: int
    item: SixOnesItem
    source_event_id: UUID
    source_id: UUID
    source_revision: int = 1


def react(event: Recorded) -> tuple[Intent, ...]:
    """Intents that follow from one event."""
    match data := event.data:
        case own.ActivityConfirmed() | own.ActivityCorrected() | own.ActivityVoided():
            return (*_proofs(event, data), *_banking(event, data), *_superseding(event, data))
        case own.SuggestionAccepted():
            return (_completion(event, data.suggestion_id, data.member_id, data.community_id, SixOnesItem.SUGGESTION),)
        case own.PracticalMatterCompleted():
            return (_completion(event, data.matter_id, data.member_id, data.community_id, SixOnesItem.PRACTICAL_MATTER),)
        case own.ResidentNeedRecorded(look_by=date() as look_by):
            return (_reminder(event, data.need_id, NeedLimit.FIRST_LOOK, look_by),)
        case own.ResidentNeedPublished():
            return (_reminder(event, data.need_id, NeedLimit.ANSWER, data.answer_by),)
        case own.ComplaintLodged(complaint_id=complaint_id, answer_by=answer_by):
            payload = {"complaint_id": str(complaint_id)}
            return (Intent(f"{REMIND_OF_COMPLAINT}/{complaint_id}", REMIND_OF_COMPLAINT, payload, day_after_begins(answer_by)),)
        case own.TimeCredited(expires_on=date() as expires_on):
            return (_expiry(f"{data.community_id}/{expires_on}", day_after_begins(expires_on), data.community_id),)
        case own.TimeReversed():  # what comes back may be over its day
            return (_expiry(str(event.id), event.time, data.community_id),)
        case own.ModuleSwitchedOn(module=DistrictModule.TIME_BANK):
            return (_expiry(str(event.id), event.time),)
        case registration.RegistrationClosed():
            payload = {"member_id": str(data.member_id)}
            return (Intent(f"leave-pairings/{data.registration_id}", LEAVE, payload, event.time),)
        case _:
            return ()


def _proofs(event: Recorded, data: Judged) -> tuple[Intent, ...]:
    match data:
        case own.ActivityConfirmed():
            return _proof(event, COMPLETE, data, data.six_ones_item, data.served_on.year)
        case own.ActivityCorrected():
            if (data.before_six_ones_item, data.before_served_on.year) == (data.six_ones_item, data.served_on.year):
                return ()
            fallen = _proof(event, WITHDRAW, data, data.before_six_ones_item, data.before_served_on.year)
            return (*fallen, *_proof(event, COMPLETE, data, data.six_ones_item, data.served_on.year))
        case own.ActivityVoided():
            return _proof(event, WITHDRAW, data, data.before_six_ones_item, data.before_served_on.year)


def _banking(event: Recorded, data: Judged) -> tuple[Intent, ...]:
    """Only service on a post can belong to the time bank."""
    is_void = isinstance(data, own.ActivityVoided)
    post_id = data.before_post_id if is_void else data.post_id
    if post_id is None:
        return ()
    ids = {name: str(getattr(data, name)) for name in ("community_id", "member_id", "record_id")}
    payload = {**ids, "post_id": str(post_id), "record_revision": data.revision, "minutes": 0 if is_void else data.minutes}
    payload["credited_on"] = local_day(event.time).isoformat()
    return (Intent(f"{BANK}/{event.id}", BANK, payload, event.time),)


def _superseding(event: Recorded, data: Judged) -> tuple[Intent, ...]:
    if isinstance(data, own.ActivityConfirmed):
        return ()
    payload = {"member_id": str(data.member_id), "record_id": str(data.record_id), "event_id": str(event.id)}
    return (Intent(f"{SUPERSEDE}/{event.id}", SUPERSEDE, payload, event.time),)


def _proof(event: Recorded, kind: str, data: Judged, item: SixOnesItem | None, year: int) -> tuple[Intent, ...]:
    if item is None:
        return ()
    evidence = Evidence(
        member_id=data.member_id,
        community_id=data.community_id,
        year=year,
        item=item,
        source_event_id=event.id,
        source_id=data.record_id,
        source_revision=data.revision,
    )
    return (_intent(event, kind, evidence),)


def _completion(event: Recorded, source_id: UUID, member_id: UUID, community_id: UUID, item: SixOnesItem) -> Intent:
    evidence = Evidence(
        member_id=member_id,
        community_id=community_id,
        year=local_day(event.time).year,
        item=item,
        source_event_id=event.id,
        source_id=source_id,
    )
    return _intent(event, COMPLETE, evidence)


def _intent(event: Recorded, kind: str, evidence: Evidence) -> Intent:
    payload: dict[str, Any] = evidence.model_dump(mode="json")
    return Intent(f"{kind}/{event.id}", kind, payload, event.time)


def _reminder(event: Recorded, need_id: UUID, limit: NeedLimit, due_on: date) -> Intent:
    payload = {"need_id": str(need_id), "limit": limit.value}
    return Intent(f"{REMIND}/{event.id}", REMIND, payload, day_after_begins(due_on))


def _expiry(occasion: str, due: datetime, community_id: UUID | None = None) -> Intent:
    """For one ledger, or for all."""
    return Intent(f"{EXPIRE}/{occasion}", EXPIRE, {"community_id": str(community_id)} if community_id else {}, due)


async def perform(intent: Intent, call: Call) -> None:
    """Carry out one intent; repeating it changes nothing."""
    match intent.kind:
        case "complete_item" | "withdraw_evidence":
            values = Evidence.model_validate(intent.payload).model_dump()
            command = CompleteChecklistItem(**values) if intent.kind == COMPLETE else WithdrawEvidence(**values)
            await call.handle(CHECKLIST, checklist_id(command.member_id, command.year), command)
        case "bank_service":
            await _bank_service(dict(intent.payload), call)
        case "expire_time":
            await _expire_time(intent.payload.get("community_id"), call)
        case "supersede_certificates":
            await _supersede_certificates({name: UUID(value) for name, value in intent.payload.items()}, call)
        case "remind_of_need":
            reminder = RemindOfNeed(limit=NeedLimit(intent.payload["limit"]), today=local_day(call.now))
            await call.handle(NEED, UUID(intent.payload["need_id"]), reminder)
        case "remind_of_complaint":
            passed = RemindOfComplaint(today=local_day(call.now))
            await call.handle(COMPLAINT, UUID(intent.payload["complaint_id"]), passed)
        case "leave_pairings":
            await _leave_pairings(UUID(intent.payload["member_id"]), call)
        case _:
            message = f"no reaction is called {intent.kind!r}"
            raise LookupError(message)


async def _supersede_certificates(ids: dict[str, UUID], call: Call) -> None:
    async with call.read() as tx:
        found = await certificates.certifying(tx, ids["member_id"], ids["record_id"])
    command = SupersedeCertificate(record_id=ids["record_id"], caused_by_event_id=ids["event_id"])
    for certificate_id in found:
        await call.step(str(certificate_id)).handle(CERTIFICATE, certificate_id, command)


async def _bank_service(values: dict[str, Any], call: Call) -> None:
    module, post_id = await call.state(MODULE, module_id(DistrictModule.TIME_BANK)), UUID(values.pop("post_id"))
    post = await call.state(POST, post_id) if module.is_on else Unproposed()
    months, credited_on = module.minutes_expire_after_months, values.pop("credited_on", None)
    expires_on = None if months is None or credited_on is None else date.fromisoformat(credited_on) + relativedelta(months=months)
    is_banked = not isinstance(post, Unproposed) and post.terms.is_time_banked
    command = BankService(**values, is_banked=is_banked, expires_on=expires_on)
    await call.handle(LEDGER, command.community_id, command)


async def _expire_time(only: str | None, call: Call) -> None:
    """While the bank is off nobody can spend, and what it holds stays."""
    if not (await call.state(MODULE, module_id(DistrictModule.TIME_BANK))).is_on:
        return
    async with call.read() as tx:
        ledgers = [UUID(only)] if only else await time_bank.communities(tx)
    for community_id in ledgers:
        step = call.step(str(community_id))
        command = ExpireTime(community_id=community_id, entry_id=step.new_id("expiry"), today=local_day(call.now))
        await step.handle(LEDGER, community_id, command)


async def _leave_pairings(member_id: UUID, call: Call) -> None:
    async with call.read() as tx:
        found = await neighbourhoods.pairings_of(tx, member_id)
    for pairing_id in found:
        command = LeavePairing(member_id=member_id, by_member=False, reason=ReleaseReason.REGISTRATION_CLOSED)
        await call.step(str(pairing_id)).handle(PAIRING, pairing_id, command)
