"""Events in → what evaluation does about them: publishes what was ordered, restates what corrections, hearings and appeals have changed.

A period is given up when its years are over; what was handed on is asked back when its day has passed.

Invariant: performing an intent again changes nothing, because a statement that is known and unchanged gives no event.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from services.evaluation import scorebook
from services.evaluation.cases.case import CASE, case_id
from services.evaluation.facts.sources import day_after, day_begins, local_date
from services.evaluation.handouts.handout import RemindOfExport
from services.evaluation.membership import queries as identity
from services.evaluation.periods.period import PERIOD, GiveUpPeriod, PeriodUnknown, given_up_from
from services.evaluation.statements.statement import PublishStatement, RestateStatement
from shared.contracts import activities as a
from shared.contracts import evaluation as e
from shared.contracts import registration_changes as changes
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.web import Call
from shared.working_days import working_days_after

PUBLISH: Final = "publish"
RESTATE: Final = "restate"
GIVE_UP: Final = "give_up"
ASK_BACK: Final = "ask_back"
APPEAL_DAYS: Final = 15  # working days to appeal after publication or restatement
AT_ONCE: Final = 25  # members scored in one look at the read model and brought to the log together

CAUSES: Final[Mapping[type, e.RestatementCause]] = {
    a.ActivityCorrected: e.RestatementCause.ACTIVITY_CORRECTED,
    a.SixOnesItemReopened: e.RestatementCause.ACTIVITY_CORRECTED,
    a.ActivityVoided: e.RestatementCause.ACTIVITY_VOIDED,
    e.UnitAssessmentSubmitted: e.RestatementCause.ASSESSMENT_CHANGED,
    e.DeductionUpheld: e.RestatementCause.HEARING_DECIDED,
    e.ExemptionGranted: e.RestatementCause.CIRCUMSTANCES_RECOGNISED,
    e.CategoryWaived: e.RestatementCause.CIRCUMSTANCES_RECOGNISED,
    e.GradeProposalRefusalTakenBack: e.RestatementCause.CIRCUMSTANCES_RECOGNISED,
    e.AppealAccepted: e.RestatementCause.APPEAL_ACCEPTED,
    e.AppealRejected: e.RestatementCause.APPEAL_CLOSED,
    changes.MemberIdentitiesMerged: e.RestatementCause.LATE_FACTS,
    changes.PoliticalStatusChanged: e.RestatementCause.LATE_FACTS,
}
Disturbing = (
    a.ActivityCorrected
    | a.SixOnesItemReopened
    | a.ActivityVoided
    | e.UnitAssessmentSubmitted
    | e.DeductionUpheld
    | e.ExemptionGranted
    | e.CategoryWaived
    | e.GradeProposalRefusalTakenBack
    | e.AppealAccepted
    | e.AppealRejected
    | changes.MemberIdentitiesMerged
    | changes.PoliticalStatusChanged
)


def react(event: Recorded) -> tuple[Intent, ...]:
    """An order is carried out; what may have changed a published statement, or joined two, has it looked at again."""
    match event.data:
        case None:
            return ()
        case e.StatementPublicationOrdered(period_id=period_id, order=order):
            return (Intent(f"publish/{period_id}/{order}", PUBLISH, {"period_id": str(period_id)}, event.time),)
        case e.StatementExported() as data:
            payload = {name: str(getattr(data, name)) for name in ("export_id", "member_id", "period_id")}
            return (Intent(f"ask-back/{data.export_id}", ASK_BACK, payload, day_after(data.expires_on)),)
        case e.EvaluationPeriodOpened(period_id=period_id, ends_on=ends_on):
            return (Intent(f"give-up/{period_id}", GIVE_UP, {"period_id": str(period_id)}, day_begins(given_up_from(ends_on))),)
        case data if isinstance(data, Disturbing):
            payload = {"member_id": str(data.member_id), "cause": CAUSES[type(data)].value, "event_id": str(event.id)}
            return (Intent(f"restate/{event.id}", RESTATE, payload, event.time),)
        case _:
            return ()


async def perform(intent: Intent, call: Call) -> None:
    """Carry an intent out."""
    match intent.kind:
        case "publish":
            await _publish(UUID(intent.payload["period_id"]), call)
        case "restate":
            await _restate(intent.payload, call)
        case "ask_back":
            export_id, member_id, period_id = (UUID(intent.payload[name]) for name in ("export_id", "member_id", "period_id"))
            reminder = RemindOfExport(export_id=export_id, today=local_date(call.now))
            await call.handle(CASE, case_id(member_id, period_id), reminder)
        case "give_up":
            period_id = UUID(intent.payload["period_id"])
            await call.handle(PERIOD, period_id, GiveUpPeriod(period_id=period_id, today=local_date(call.now)))
        case _:
            message = f"no reaction is called {intent.kind!r}"
            raise LookupError(message)


async def _publish(period_id: UUID, call: Call) -> None:
    """Publish the statements of everybody registered in the period, a bounded number at a time."""
    async with call.read() as tx:
        period = await scorebook.load_period(tx, call.district, period_id)
        if period is None:
            raise PeriodUnknown
        members = await scorebook.registrants(tx, call.district, period)
    appeal_until = working_days_after(local_date(call.now), APPEAL_DAYS)
    for start in range(0, len(members), AT_ONCE):
        async with call.read() as tx:
            computed = await scorebook.compute(tx, call.district, period, members[start : start + AT_ONCE])
        commands = (
            call.step(f"publish/{member_id}").handle(
                CASE, case_id(member_id, period_id), PublishStatement(computed=statement, appeal_until=appeal_until)
            )
            for member_id, statement in computed.items()
        )
        await asyncio.gather(*commands)


async def _restate(payload: Mapping[str, Any], call: Call) -> None:
    """Score the member again wherever a statement is published; the case decides whether anything changed.

    What was published under an entry since given up is published under the one that remains.
    """
    async with call.read() as tx:
        entries = await identity.entries(tx, call.district, UUID(payload["member_id"]))
        published = await scorebook.published_periods(tx, call.district, entries)
        periods = [period for each in published if (period := await scorebook.load_period(tx, call.district, each)) is not None]
        computed = [(await scorebook.compute(tx, call.district, period, entries[:1])).get(entries[0]) for period in periods]
    appeal_until = working_days_after(local_date(call.now), APPEAL_DAYS)
    cause, event_id = e.RestatementCause(payload["cause"]), UUID(payload["event_id"])
    for statement in filter(None, computed):
        if published[statement.period_id]:
            command = RestateStatement(computed=statement, appeal_until=appeal_until, cause=cause, cause_event_id=event_id)
        else:
            command = PublishStatement(computed=statement, appeal_until=appeal_until)
        await call.step(f"restate/{statement.period_id}").handle(CASE, case_id(statement.member_id, statement.period_id), command)
