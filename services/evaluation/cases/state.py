"""What is known of a case: one member in one period. Folded from its events; nothing here decides."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar
from uuid import UUID

from shared.contracts.evaluation import (
    AppealAccepted,
    AppealEscalated,
    AppealLodged,
    AppealRejected,
    CategoryWaived,
    CommendationGranted,
    CommunityAssessmentSubmitted,
    DeductionAnswered,
    DeductionDropped,
    DeductionKind,
    DeductionProposed,
    DeductionUpheld,
    ExemptionGranted,
    GradeProposalRefusalTakenBack,
    GradeProposalRefused,
    ReferenceGradeConfirmed,
    ScoreStatementPublished,
    ScoreStatementRestated,
    StatementExportDestroyed,
    StatementExported,
    StatementExportExpired,
    UnitAssessmentSubmitted,
)
from shared.contracts.event import Event

K = TypeVar("K")
V = TypeVar("V")
PublishedStatement = ScoreStatementPublished | ScoreStatementRestated
Charge = tuple[DeductionKind, UUID]  # of what, and the event that shows it


class AppealStatus(StrEnum):
    """Where an appeal stands."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class Appeal:
    """An appeal against one version of the statement; it can be taken one level up once."""

    lodged: AppealLodged
    status: AppealStatus = AppealStatus.OPEN
    is_escalated: bool = False
    reviewers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Hearing:
    """A proposed deduction; `is_upheld` None while it is open."""

    proposed: DeductionProposed
    is_answered: bool = False
    is_upheld: bool | None = None

    @property
    def charge(self) -> Charge:
        """What is held against the member."""
        return self.proposed.kind, self.proposed.source_event_id


@dataclass(frozen=True, slots=True)
class Handout:
    """A statement in a recipient's hands."""

    exported: StatementExported
    is_expired: bool = False
    is_destroyed: bool = False


@dataclass(frozen=True, slots=True)
class CaseState:
    """`involved`: who had a hand in it and so cannot review it. `is_proposal_refused` None: the member has said nothing on it."""

    unit: UnitAssessmentSubmitted | None = None
    community: CommunityAssessmentSubmitted | None = None
    statement: PublishedStatement | None = None
    appeals: Mapping[UUID, Appeal] = field(default_factory=lambda: MappingProxyType({}))
    hearings: Mapping[UUID, Hearing] = field(default_factory=lambda: MappingProxyType({}))
    granted: frozenset[UUID] = frozenset()  # commendations, exemptions
    handouts: Mapping[UUID, Handout] = field(default_factory=lambda: MappingProxyType({}))
    exempted: tuple[tuple[date, date], ...] = ()
    waived: frozenset[str] = frozenset()
    involved: frozenset[str] = frozenset()
    confirmed: ReferenceGradeConfirmed | None = None
    is_proposal_refused: bool | None = None

    @property
    def is_under_review(self) -> bool:
        """Whether an appeal is open: the grade is neither shown nor exported then."""
        return any(appeal.status is AppealStatus.OPEN for appeal in self.appeals.values())


def case_id(member_id: UUID, period_id: UUID) -> UUID:
    """Stream id of the case of a member in a period."""
    return UUID(bytes=hashlib.sha256(member_id.bytes + period_id.bytes).digest()[:16], version=5)


def evolve(state: CaseState, event: Event) -> CaseState:
    """Fold one event."""
    match event:
        case UnitAssessmentSubmitted():
            return replace(state, unit=event, involved=state.involved | {event.assessed_by})
        case CommunityAssessmentSubmitted():
            return replace(state, community=event, involved=state.involved | {event.assessed_by})
        case ScoreStatementPublished() | ScoreStatementRestated():
            return replace(state, statement=event)
        case CommendationGranted():
            return replace(state, granted=state.granted | {event.commendation_id})
        case ExemptionGranted():
            spans = (*state.exempted, (event.starts_on, event.ends_on))
            return replace(state, granted=state.granted | {event.exemption_id}, exempted=spans)
        case CategoryWaived():
            return replace(state, waived=state.waived | {event.category})
        case ReferenceGradeConfirmed():
            return replace(state, confirmed=event)
        case GradeProposalRefused() | GradeProposalRefusalTakenBack():
            return replace(state, is_proposal_refused=isinstance(event, GradeProposalRefused))
        case _:
            return _evolve_handouts(_evolve_hearings(_evolve_appeals(state, event), event), event)


def _evolve_appeals(state: CaseState, event: Event) -> CaseState:
    match event:
        case AppealLodged():
            return replace(state, appeals=_with(state.appeals, event.appeal_id, Appeal(event)))
        case AppealAccepted() | AppealRejected() if event.appeal_id in state.appeals:
            status = AppealStatus.ACCEPTED if isinstance(event, AppealAccepted) else AppealStatus.REJECTED
            appeal = state.appeals[event.appeal_id]
            decided = replace(appeal, status=status, reviewers=appeal.reviewers | {event.reviewer})
            return replace(state, appeals=_with(state.appeals, event.appeal_id, decided))
        case AppealEscalated() if event.appeal_id in state.appeals:
            escalated = replace(state.appeals[event.appeal_id], status=AppealStatus.OPEN, is_escalated=True)
            return replace(state, appeals=_with(state.appeals, event.appeal_id, escalated))
        case _:
            return state


def _evolve_hearings(state: CaseState, event: Event) -> CaseState:
    match event:
        case DeductionProposed():
            hearings = _with(state.hearings, event.deduction_id, Hearing(event))
            return replace(state, hearings=hearings, involved=state.involved | {event.proposed_by})
        case DeductionAnswered() if event.deduction_id in state.hearings:
            answered = replace(state.hearings[event.deduction_id], is_answered=True)
            return replace(state, hearings=_with(state.hearings, event.deduction_id, answered))
        case DeductionUpheld() | DeductionDropped() if event.deduction_id in state.hearings:
            decided = replace(state.hearings[event.deduction_id], is_upheld=isinstance(event, DeductionUpheld))
            hearings = _with(state.hearings, event.deduction_id, decided)
            return replace(state, hearings=hearings, involved=state.involved | {event.decided_by})
        case _:
            return state


def _evolve_handouts(state: CaseState, event: Event) -> CaseState:
    match event:
        case StatementExported():
            return replace(state, handouts=_with(state.handouts, event.export_id, Handout(event)))
        case StatementExportExpired() if event.export_id in state.handouts:
            expired = replace(state.handouts[event.export_id], is_expired=True)
            return replace(state, handouts=_with(state.handouts, event.export_id, expired))
        case StatementExportDestroyed() if event.export_id in state.handouts:
            destroyed = replace(state.handouts[event.export_id], is_destroyed=True)
            return replace(state, handouts=_with(state.handouts, event.export_id, destroyed))
        case _:
            return state


def _with(known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**known, key: value})
