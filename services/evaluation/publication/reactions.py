"""Publishes what was ordered, and computes a published statement again when something may have changed it.

Invariant: performing a task again changes nothing, because a statement that is known and unchanged gives no event.
"""

import asyncio
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from services.evaluation import scorebook
from services.evaluation.access import APPEAL_DAYS
from services.evaluation.cases.state import case_id
from services.evaluation.membership import queries as membership
from services.evaluation.periods.period import PeriodUnknown
from services.evaluation.scorebook import AT_ONCE
from services.evaluation.statements.statement import STATEMENT, PublishStatement, RestateStatement
from shared.calendar.local_time import local_day
from shared.calendar.working_days import working_days_after
from shared.contracts.activities.community import SixOnesItemReopened
from shared.contracts.activities.records import ActivityCorrected, ActivityVoided
from shared.contracts.evaluation.assessments import CommunityAssessmentSubmitted, UnitAssessmentSubmitted
from shared.contracts.evaluation.codes import NotRatedReason, RestatementCause
from shared.contracts.evaluation.hearings import (
    AppealAccepted,
    AppealRejected,
    CategoryWaived,
    DeductionUpheld,
    ExemptionGranted,
    GradeProposalRefusalTakenBack,
)
from shared.contracts.evaluation.periods import StatementPublicationOrdered
from shared.contracts.event import Event
from shared.contracts.registration.changes import MemberIdentitiesMerged, PoliticalStatusChanged
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call

CAUSES: Final[Mapping[type[Event], RestatementCause]] = {
    ActivityCorrected: RestatementCause.ACTIVITY_CORRECTED,
    SixOnesItemReopened: RestatementCause.ACTIVITY_CORRECTED,
    ActivityVoided: RestatementCause.ACTIVITY_VOIDED,
    UnitAssessmentSubmitted: RestatementCause.ASSESSMENT_CHANGED,
    CommunityAssessmentSubmitted: RestatementCause.ASSESSMENT_CHANGED,
    DeductionUpheld: RestatementCause.HEARING_DECIDED,
    ExemptionGranted: RestatementCause.CIRCUMSTANCES_RECOGNISED,
    CategoryWaived: RestatementCause.CIRCUMSTANCES_RECOGNISED,
    GradeProposalRefusalTakenBack: RestatementCause.CIRCUMSTANCES_RECOGNISED,
    AppealAccepted: RestatementCause.APPEAL_ACCEPTED,
    AppealRejected: RestatementCause.APPEAL_CLOSED,
    MemberIdentitiesMerged: RestatementCause.LATE_FACTS,
    PoliticalStatusChanged: RestatementCause.LATE_FACTS,
}


class PublishAll(Task):
    """Publish the statements of everybody registered in the period. `not_rated`: also without an assessment."""

    KIND: ClassVar[str] = "publish"
    period_id: UUID
    not_rated: frozenset[UUID] = frozenset()


class RestateMember(Task):
    """Compute the published statements of a member again."""

    KIND: ClassVar[str] = "restate"
    member_id: UUID
    cause: RestatementCause
    event_id: UUID


def publish(event: Recorded, data: StatementPublicationOrdered) -> Iterator[Intent]:
    """An order is carried out."""
    yield PublishAll(period_id=data.period_id, not_rated=frozenset(data.not_rated)).intent(
        f"publish/{data.period_id}/{data.order}", event.time
    )


def restate(event: Recorded, data: Any) -> Iterator[Intent]:
    """An event of CAUSES may have changed a published statement, or joined two. All of them name the member."""
    task = RestateMember(member_id=data.member_id, cause=CAUSES[type(data)], event_id=event.id)
    yield task.intent(f"restate/{event.id}", event.time)


async def publish_all(task: PublishAll, call: Call) -> None:
    """A bounded number of members at a time. Who misses an assessment waits for it, unless it was decided that nobody does."""
    async with call.read() as tx:
        period = await scorebook.load_period(tx, call.district, task.period_id)
        if period is None:
            raise PeriodUnknown
        members = await scorebook.registrants(tx, call.district, period)
    appeal_until = working_days_after(local_day(call.now), APPEAL_DAYS)
    for start in range(0, len(members), AT_ONCE):
        async with call.read() as tx:
            computed = await scorebook.compute(tx, call.district, period, members[start : start + AT_ONCE])
        commands = (
            call.step(f"publish/{member_id}").handle(
                STATEMENT, case_id(member_id, task.period_id), PublishStatement(computed=statement, appeal_until=appeal_until)
            )
            for member_id, statement in computed.items()
            if member_id in task.not_rated or statement.not_rated_reason is not NotRatedReason.ASSESSMENT_MISSING
        )
        await asyncio.gather(*commands)


async def restate_member(task: RestateMember, call: Call) -> None:
    """Score the member again wherever a statement is published; the case decides whether anything changed.

    After a merge, what was published under the other entry is published under the one that remains.
    """
    async with call.read() as tx:
        entries = await membership.entries(tx, call.district, task.member_id)
        published = await scorebook.published_periods(tx, call.district, entries)
        periods = [period for each in published if (period := await scorebook.load_period(tx, call.district, each)) is not None]
        computed = [(await scorebook.compute(tx, call.district, period, entries[:1])).get(entries[0]) for period in periods]
    appeal_until = working_days_after(local_day(call.now), APPEAL_DAYS)
    for statement in filter(None, computed):
        if published[statement.period_id]:
            command = RestateStatement(computed=statement, appeal_until=appeal_until, cause=task.cause, cause_event_id=task.event_id)
        else:
            command = PublishStatement(computed=statement, appeal_until=appeal_until)
        stream = case_id(statement.member_id, statement.period_id)
        await call.step(f"restate/{statement.period_id}").handle(STATEMENT, stream, command)


REACTIONS: Final[Reactions] = {StatementPublicationOrdered: publish, **dict.fromkeys(CAUSES, restate)}
PERFORMERS: Final[Performers] = {PublishAll: publish_all, RestateMember: restate_member}
