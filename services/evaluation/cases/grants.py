"""What organisations grant a member: a commendation, an exemption of days, a category that is not asked."""

from datetime import date
from uuid import UUID

from services.evaluation.cases.state import CaseState
from services.evaluation.scoring.facts import Period
from shared.contracts.evaluation.assessments import CommendationGranted
from shared.contracts.evaluation.codes import ExemptionReason, Reason, WaiverReason
from shared.contracts.evaluation.hearings import CategoryWaived, ExemptionGranted
from shared.contracts.event import Event
from shared.decider import Command, DomainError


class GrantCommendation(Command):
    """Commend a member for service in the programme."""

    commendation_id: UUID
    member_id: UUID
    period_id: UUID
    granted_on: date
    reason: Reason
    period: Period


class CommendationOutsidePeriod(DomainError):
    """A commendation counts in the period in which it was granted."""


def grant_commendation(command: GrantCommendation, state: CaseState) -> tuple[Event, ...]:
    """Each commendation once, on a day of the period."""
    if command.commendation_id in state.granted:
        return ()
    if not command.period.starts_on <= command.granted_on <= command.period.ends_on:
        raise CommendationOutsidePeriod
    return (CommendationGranted(**command.model_dump(exclude={"period"})),)


class GrantExemption(Command):
    """Take days out of what is asked of a member; a code, never a diagnosis."""

    exemption_id: UUID
    member_id: UUID
    period_id: UUID
    starts_on: date
    ends_on: date
    reason_code: ExemptionReason


class ExemptionEndsBeforeItStarts(DomainError):
    """An exemption must end on or after the day it starts."""


def grant_exemption(command: GrantExemption, state: CaseState) -> tuple[Event, ...]:
    """Days that are exempted already are not exempted again."""
    if command.ends_on < command.starts_on:
        raise ExemptionEndsBeforeItStarts
    if command.exemption_id in state.granted or (command.starts_on, command.ends_on) in state.exempted:
        return ()
    return (ExemptionGranted(**command.model_dump()),)


class WaiveCategory(Command):
    """Do not ask a category of a member. `waivable`: those that make up the full side."""

    member_id: UUID
    period_id: UUID
    category: str
    reason_code: WaiverReason
    waivable: frozenset[str]


class CategoryCannotBeWaived(DomainError):
    """Only categories that make up the full side can be waived, and one of them must remain."""


def waive_category(command: WaiveCategory, state: CaseState) -> tuple[Event, ...]:
    """A category is waived once and stays so."""
    if command.category in state.waived:
        return ()
    if command.category not in command.waivable or not command.waivable - state.waived - {command.category}:
        raise CategoryCannotBeWaived
    return (CategoryWaived(**command.model_dump(exclude={"waivable"})),)
