"""Proofs for the six ones: confirmed records, accepted suggestions and completed matters; a corrected or voided record proves less."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.activities.checklists import queries
from services.activities.checklists.progress import PROGRESS, ProgressKey, TickItem, UntickItem, progress_id
from services.activities.checklists.six_ones import CHECKLIST, CompleteChecklistItem, WithdrawEvidence, checklist_id
from shared.calendar.local_time import local_day
from shared.contracts.activities.codes import SixOnesItem
from shared.contracts.activities.community import PracticalMatterCompleted, SuggestionAccepted
from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected, ActivityVoided
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call

KEY_FIELDS: Final = set(ProgressKey.model_fields)
MERGED: Final = "两条报到记录合并 / two entries of one person were merged"


class Evidence(Task):
    """What proves which item of which member and year; `source_revision` orders what is known about one source."""

    member_id: UUID
    community_id: UUID
    year: int
    item: SixOnesItem
    source_event_id: UUID
    source_id: UUID
    source_revision: int = 1


class AddProof(Evidence):
    """A source proves the item."""

    KIND: ClassVar[str] = "complete_item"


class WithdrawProof(Evidence):
    """A source does not prove the item any more."""

    KIND: ClassVar[str] = "withdraw_evidence"


def confirmed(event: Recorded, data: ActivityConfirmed) -> Iterator[Intent]:
    """A record may prove an item in the year of the service."""
    yield from _of_record(AddProof, event, data, data.six_ones_item, data.served_on.year)


def corrected(event: Recorded, data: ActivityCorrected) -> Iterator[Intent]:
    """Nothing follows when item and year are as before."""
    if (data.before_six_ones_item, data.before_served_on.year) != (data.six_ones_item, data.served_on.year):
        yield from _of_record(WithdrawProof, event, data, data.before_six_ones_item, data.before_served_on.year)
        yield from _of_record(AddProof, event, data, data.six_ones_item, data.served_on.year)


def voided(event: Recorded, data: ActivityVoided) -> Iterator[Intent]:
    """A voided record proves nothing."""
    yield from _of_record(WithdrawProof, event, data, data.before_six_ones_item, data.before_served_on.year)


def suggestion_accepted(event: Recorded, data: SuggestionAccepted) -> Iterator[Intent]:
    """In the year in which it was accepted."""
    yield _of_decision(event, data, data.suggestion_id, SixOnesItem.SUGGESTION)


def matter_completed(event: Recorded, data: PracticalMatterCompleted) -> Iterator[Intent]:
    """In the year in which it was confirmed."""
    yield _of_decision(event, data, data.matter_id, SixOnesItem.PRACTICAL_MATTER)


def _of_record(
    task: type[Evidence],
    event: Recorded,
    data: ActivityConfirmed | ActivityCorrected | ActivityVoided,
    item: SixOnesItem | None,
    year: int,
) -> Iterator[Intent]:
    if item is not None:
        evidence = task(
            member_id=data.member_id,
            community_id=data.community_id,
            year=year,
            item=item,
            source_event_id=event.id,
            source_id=data.record_id,
            source_revision=data.revision,
        )
        yield evidence.intent(f"{task.KIND}/{event.id}", event.time)


def _of_decision(event: Recorded, data: SuggestionAccepted | PracticalMatterCompleted, source_id: UUID, item: SixOnesItem) -> Intent:
    evidence = AddProof(
        member_id=data.member_id,
        community_id=data.community_id,
        year=local_day(event.time).year,
        item=item,
        source_event_id=event.id,
        source_id=source_id,
    )
    return evidence.intent(f"{AddProof.KIND}/{event.id}", event.time)


async def add_proof(task: AddProof, call: Call) -> None:
    """The checklist knows whether this is news."""
    await call.handle(CHECKLIST, checklist_id(task.member_id, task.year), CompleteChecklistItem(**dict(task)))


async def withdraw_proof(task: WithdrawProof, call: Call) -> None:
    """The checklist knows whether this is news."""
    await call.handle(CHECKLIST, checklist_id(task.member_id, task.year), WithdrawEvidence(**dict(task)))


async def carry_six_ones(call: Call, member_id: UUID, into_member_id: UUID) -> None:
    """After a merge of two entries: prove the items again for the entry that remains."""
    async with call.read() as tx:
        years = await queries.six_ones_years(tx, call.district, member_id)
    for year in years:
        source = await call.state(CHECKLIST, checklist_id(member_id, year))
        for proof in source.proofs.values():
            again = CompleteChecklistItem.model_validate({**proof.model_dump(), "member_id": into_member_id})
            step = call.step(f"{year}/{proof.item}/{proof.source_id}")
            await step.handle(CHECKLIST, checklist_id(into_member_id, year), again)


async def carry_ticks(call: Call, member_id: UUID, into_member_id: UUID) -> None:
    """After a merge of two entries: tick the items of programmes off again for the entry that remains, and take the other ticks back.

    A tick that this very person made, under their other account, confirms nothing and ends.
    """
    async with call.read() as tx:
        years = await queries.ticked_years(tx, call.district, member_id)
    for id_, year in years:
        for tick in (await call.state(PROGRESS, progress_id(id_, member_id, year))).done.values():
            facts = tick.model_dump() | {"subject_id": into_member_id, "is_active": True, "known_codes": {tick.code}}
            step = call.step(f"tick/{id_}/{year}/{tick.code}")
            if tick.ticked_by != str(into_member_id):
                await step.handle(PROGRESS, progress_id(id_, into_member_id, year), TickItem.model_validate(facts))
            untick = UntickItem(**tick.model_dump(include=KEY_FIELDS), reason=MERGED, unticked_by=call.principal.subject)
            await step.step("untick").handle(PROGRESS, progress_id(id_, member_id, year), untick)


REACTIONS: Final[Reactions] = {
    ActivityConfirmed: confirmed,
    ActivityCorrected: corrected,
    ActivityVoided: voided,
    SuggestionAccepted: suggestion_accepted,
    PracticalMatterCompleted: matter_completed,
}
PERFORMERS: Final[Performers] = {AddProof: add_proof, WithdrawProof: withdraw_proof}
