"""What is known of a case: one member in one period. Folded from its events; nothing here decides.

Statements, hearings, appeals and handouts decide on the same streams, each its own commands, by deciders made here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID

from services.evaluation.cases import appeal_phases, handout_phases, hearing_phases
from services.evaluation.cases.appeal_phases import Appeal
from services.evaluation.cases.handout_phases import Handout
from services.evaluation.cases.hearing_phases import Hearing
from shared.contracts.evaluation.assessments import CommendationGranted, CommunityAssessmentSubmitted, UnitAssessmentSubmitted
from shared.contracts.evaluation.hearings import (
    AppealAccepted,
    AppealEscalated,
    AppealLodged,
    AppealRejected,
    CategoryWaived,
    DeductionAnswered,
    DeductionDropped,
    DeductionProposed,
    DeductionUpheld,
    ExemptionGranted,
    GradeProposalRefusalTakenBack,
    GradeProposalRefused,
)
from shared.contracts.evaluation.statements import (
    ReferenceGradeConfirmed,
    ScoreStatementPublished,
    ScoreStatementRestated,
    StatementExportDestroyed,
    StatementExported,
    StatementExportExpired,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider
from shared.identifiers import content_id

C = TypeVar("C", bound=Command)
PublishedStatement = ScoreStatementPublished | ScoreStatementRestated


def _empty() -> Mapping[UUID, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CaseState:
    """`involved`: who had a hand in it and so cannot review it. `has_ever_refused`: also when the refusal was taken back since."""

    unit: UnitAssessmentSubmitted | None = None
    community: CommunityAssessmentSubmitted | None = None
    statement: PublishedStatement | None = None
    appeals: Mapping[UUID, Appeal] = field(default_factory=_empty)
    hearings: Mapping[UUID, Hearing] = field(default_factory=_empty)
    handouts: Mapping[UUID, Handout] = field(default_factory=_empty)
    granted: frozenset[UUID] = frozenset()  # commendations, exemptions
    exempted: tuple[tuple[date, date], ...] = ()
    waived: frozenset[str] = frozenset()
    involved: frozenset[str] = frozenset()
    confirmed: ReferenceGradeConfirmed | None = None
    is_proposal_refused: bool = False
    has_ever_refused: bool = False

    @property
    def is_under_review(self) -> bool:
        """Whether an appeal is open: the grade is neither shown nor exported then."""
        return any(isinstance(appeal, appeal_phases.Open) for appeal in self.appeals.values())


UNTOUCHED: Final = CaseState()


def case_id(member_id: UUID, period_id: UUID) -> UUID:
    """Stream id of the case of a member in a period."""
    return content_id(member_id.bytes + period_id.bytes)


def case_decider(decide: Callable[[C, CaseState], tuple[Event, ...]]) -> Decider[C, CaseState]:
    """Decides some commands on cases. Initial state and fold are the same for all, as the folded state of a stream is remembered."""
    return Decider("case", UNTOUCHED, decide, evolve)


def evolve(state: CaseState, event: Event) -> CaseState:
    """Fold one event."""
    match event:
        case UnitAssessmentSubmitted():
            return replace(state, unit=event, involved=state.involved | {event.assessed_by})
        case CommunityAssessmentSubmitted():
            return replace(state, community=event, involved=state.involved | {event.assessed_by})
        case CommendationGranted():
            return replace(state, granted=state.granted | {event.commendation_id})
        case ExemptionGranted():
            spans = (*state.exempted, (event.starts_on, event.ends_on))
            return replace(state, granted=state.granted | {event.exemption_id}, exempted=spans)
        case CategoryWaived():
            return replace(state, waived=state.waived | {event.category})
        case _:
            return _evolve_statement(_evolve_hearings(_evolve_appeals_and_handouts(state, event), event), event)


def _evolve_statement(state: CaseState, event: Event) -> CaseState:
    match event:
        case ScoreStatementPublished() | ScoreStatementRestated():
            return replace(state, statement=event)
        case ReferenceGradeConfirmed():
            return replace(state, confirmed=event)
        case GradeProposalRefused():
            return replace(state, is_proposal_refused=True, has_ever_refused=True)
        case GradeProposalRefusalTakenBack():
            return replace(state, is_proposal_refused=False)
        case _:
            return state


def _evolve_hearings(state: CaseState, event: Event) -> CaseState:
    match event:
        case DeductionProposed():
            involved = state.involved | {event.proposed_by}
            return replace(state, hearings=hearing_phases.evolve(state.hearings, event), involved=involved)
        case DeductionAnswered():
            return replace(state, hearings=hearing_phases.evolve(state.hearings, event))
        case DeductionUpheld() | DeductionDropped():
            involved = state.involved | {event.decided_by}
            return replace(state, hearings=hearing_phases.evolve(state.hearings, event), involved=involved)
        case _:
            return state


def _evolve_appeals_and_handouts(state: CaseState, event: Event) -> CaseState:
    match event:
        case AppealLodged() | AppealAccepted() | AppealRejected() | AppealEscalated():
            return replace(state, appeals=appeal_phases.evolve(state.appeals, event))
        case StatementExported() | StatementExportExpired() | StatementExportDestroyed():
            return replace(state, handouts=handout_phases.evolve(state.handouts, event))
        case _:
            return state
