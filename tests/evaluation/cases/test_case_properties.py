"""Any sequence of commands keeps the case sound: versions count up, one open appeal, no deduction without a hearing."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.appeals.appeal import AcceptAppeal, EscalateAppeal, LodgeAppeal, RejectAppeal
from services.evaluation.cases import appeal_phases, hearing_phases
from services.evaluation.cases.assessments import SubmitUnitAssessment
from services.evaluation.cases.grants import WaiveCategory
from services.evaluation.cases.handout_phases import Expired, HandedOut
from services.evaluation.cases.state import CaseState
from services.evaluation.handouts.handout import ConfirmDestruction, ExportStatement, RemindOfExport
from services.evaluation.hearings.hearing import AnswerDeduction, DropDeduction, ProposeDeduction, UpholdDeduction
from services.evaluation.statements.grade import ConfirmGrade
from services.evaluation.statements.refusals import RefuseProposal, TakeBackRefusal
from services.evaluation.statements.statement import PublishStatement, RestateStatement
from shared.contracts.catalogue import published_events
from shared.contracts.evaluation.codes import (
    ConfirmedGrade,
    DeductionKind,
    EvaluationOccasion,
    ReferenceGrade,
    RestatementCause,
    WaiverReason,
)
from shared.contracts.evaluation.hearings import AppealAccepted, DeductionUpheld, GradeProposalRefusalTakenBack
from shared.contracts.evaluation.statements import (
    ReferenceGradeConfirmed,
    ScoreStatementPublished,
    ScoreStatementRestated,
    StatementExportDestroyed,
    StatementExported,
    StatementExportExpired,
)
from shared.contracts.event import Event
from shared.decider import DomainError
from tests.evaluation.deciders import WHOLE_CASE, AnyOfACase
from tests.evaluation.given import COMMUNITY, MEMBER, PERIOD, RUBRIC, UNIT, YEAR, computed, line, record

IDS: dict[str, Any] = {"member_id": MEMBER, "period_id": PERIOD}
NEW_YEAR = date(2027, 1, 10)
people = st.sampled_from(["secretary", "clerk", "street", "reviewer", str(MEMBER)])
few = st.sampled_from([UUID(int=number) for number in range(1, 4)])
days = st.integers(0, 60).map(lambda day: NEW_YEAR + timedelta(days=day))
amounts = st.sampled_from(["1.00", "2.00", "3.00"])
facts_of_a_record = st.lists(
    st.builds(lambda event, voided: record(event, voided=voided), st.integers(1, 3), st.booleans()), max_size=3
).map(tuple)
REASON = "理由"

commands: st.SearchStrategy[AnyOfACase] = st.one_of(
    st.builds(
        lambda by, attended: SubmitUnitAssessment(
            **IDS, unit_id=UNIT, attended=attended, required=20, excused=0, rubric=RUBRIC, unit_tasks=1, assessed_by=by
        ),
        people,
        st.integers(0, 25),
    ),
    st.builds(
        lambda category: WaiveCategory(**IDS, category=category, reason_code=WaiverReason.NOT_OFFERED, waivable=frozenset({"C4", "C5"})),
        st.sampled_from(["C4", "C5", "D"]),
    ),
    st.builds(
        lambda id_, source, by, day, known: ProposeDeduction(
            **IDS, deduction_id=id_, community_id=COMMUNITY, kind=DeductionKind.RECORD_FALSE, source_event_id=source, reason=REASON,
            answer_until=day, proposed_by=by, period=YEAR, known=known,
        ),
        few, few, people, days, facts_of_a_record,
    ),
    st.builds(lambda id_: AnswerDeduction(deduction_id=id_, answer=REASON), few),
    st.builds(
        lambda id_, by, day, known: UpholdDeduction(
            deduction_id=id_, decided_by=by, today=day, reason=REASON, period=YEAR, known=known
        ),
        few, people, days, facts_of_a_record,
    ),
    st.builds(lambda id_, by: DropDeduction(deduction_id=id_, decided_by=by, reason=REASON), few, people),
    st.builds(lambda points, day: PublishStatement(computed=computed(line(points)), appeal_until=day), amounts, days),
    st.builds(
        lambda points, day: RestateStatement(computed=computed(line(points)), appeal_until=day, cause=RestatementCause.LATE_FACTS),
        amounts, days,
    ),
    st.builds(lambda id_, day: LodgeAppeal(appeal_id=id_, grounds=REASON, today=day, decide_by=day), few, days),
    st.builds(
        lambda id_, by, points, take_back, why: AcceptAppeal(
            appeal_id=id_, reviewer=by, reasons=REASON, computed=computed(line(points)), appeal_until=NEW_YEAR, take_back=take_back,
            unchanged_because=why,
        ),
        few, people, amounts, st.lists(few, max_size=1).map(tuple), st.sampled_from([None, REASON]),
    ),
    st.builds(lambda id_, by: RejectAppeal(appeal_id=id_, reviewer=by, reasons=REASON), few, people),
    st.builds(lambda id_, day: EscalateAppeal(appeal_id=id_, grounds=REASON, today=day, decide_by=day), few, days),
    st.builds(lambda grade, day: ConfirmGrade(unit_id=UNIT, grade=grade, today=day), st.sampled_from(ConfirmedGrade), days),
    st.builds(
        lambda id_, occasion, day: ExportStatement(
            export_id=id_, occasion=occasion, enabled=frozenset({EvaluationOccasion.COMMENDATION}), recipient="支部", expires_on=day,
            today=NEW_YEAR,
        ),
        few, st.sampled_from(EvaluationOccasion), days,
    ),
    st.builds(lambda: RefuseProposal(**IDS, unit_id=UNIT)),
    st.builds(lambda: TakeBackRefusal(**IDS)),
    st.builds(lambda id_, day: RemindOfExport(export_id=id_, today=day), few, days),
    st.builds(lambda id_, by, day: ConfirmDestruction(export_id=id_, confirmed_by=by, today=day), few, people, days),
)  # fmt: skip


def check(event: Event, before: CaseState) -> None:
    """What an event may follow from."""
    match event:
        case ScoreStatementPublished():
            assert before.statement is None
            assert event.version == 1
            assert event.grade is ReferenceGrade.NOT_RATED or not before.is_proposal_refused
        case AppealAccepted():
            assert (event.restated_version is None) != (event.unchanged_because is None), "it restates or says why not"
        case ScoreStatementRestated():
            assert before.statement is not None
            assert not before.is_under_review
            assert event.version == before.statement.version + 1
            assert event.diff or event.grade is not before.statement.grade
            assert {event.grade, event.previous_grade} == {ReferenceGrade.NOT_RATED} or not before.is_proposal_refused
            assert all(isinstance(each.after, Decimal) or each.after is None for each in event.diff)
        case DeductionUpheld():
            hearing = before.hearings[event.deduction_id]
            assert isinstance(hearing, hearing_phases.Open)
            assert event.decided_by != hearing.proposed.proposed_by
        case ReferenceGradeConfirmed():
            assert not before.is_under_review
            assert event.grade is not ConfirmedGrade.UNQUALIFIED, "never without reasons and a hearing"
            assert not before.is_proposal_refused, "never without reasons against the member's wish"
        case GradeProposalRefusalTakenBack():
            assert before.confirmed is None
        case StatementExported():
            assert not before.is_under_review
            assert event.occasion is EvaluationOccasion.COMMENDATION
        case StatementExportExpired():
            assert isinstance(before.handouts[event.export_id], HandedOut)
        case StatementExportDestroyed():
            assert isinstance(before.handouts[event.export_id], HandedOut | Expired)
        case _:
            pass


@settings(max_examples=100)
@given(st.lists(commands, max_size=30))
def test_a_case_stays_sound(sequence: list[AnyOfACase]) -> None:
    state = WHOLE_CASE.initial
    for command in sequence:
        try:
            events = WHOLE_CASE.decide(command, state)
        except DomainError:
            continue
        for event in events:
            check(event, state)
            again = type(event).model_validate_json(event.model_dump_json())
            assert again == event
            state = WHOLE_CASE.evolve(state, again)
        assert sum(isinstance(appeal, appeal_phases.Open) for appeal in state.appeals.values()) <= 1


def test_evolve_takes_every_event_of_the_system() -> None:
    """Events of other aggregates, of other services, of newer writers: the state is simply unmoved."""
    foreign = [event for event in published_events() if not event.TYPE.startswith("guangcai.evaluation.")]
    for event in foreign:
        assert WHOLE_CASE.evolve(WHOLE_CASE.initial, event.model_construct()) == WHOLE_CASE.initial
