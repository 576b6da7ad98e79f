"""A member's suggestion (建议), judged on whether it can be taken up and never on its tone.

Invariant: nobody decides their own; a decline gives its reason; being accepted for review is enough for the six ones.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final, assert_never
from uuid import UUID

from services.activities.following import following
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn, WrongStep
from services.activities.wording import Prose, Reason, Title
from shared.contracts.activities.community import (
    SuggestionAccepted,
    SuggestionAdopted,
    SuggestionCarriedOut,
    SuggestionDeclined,
    SuggestionSubmitted,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider


class SuggestionDraft(Command):
    """What the member writes."""

    community_id: UUID
    title: Title
    text: Prose


class SubmitSuggestion(SuggestionDraft):
    """Hand in a suggestion."""

    suggestion_id: UUID
    member_id: UUID


class AcceptSuggestion(Command):
    """Accept for review."""

    accepted_by: str


class AdoptSuggestion(Command):
    """Take it up; `plan` says what will be done."""

    adopted_by: str
    plan: Reason


class DeclineSuggestion(Command):
    """Do not take it up."""

    declined_by: str
    reason: Reason


class ReportSuggestionResult(Command):
    """Say what became of it."""

    result: Reason


SuggestionCommand = SubmitSuggestion | AcceptSuggestion | AdoptSuggestion | DeclineSuggestion | ReportSuggestionResult


@dataclass(frozen=True, slots=True)
class NotSubmitted:
    """There is no suggestion yet."""


@dataclass(frozen=True, slots=True)
class _Known:
    submitted: SuggestionSubmitted


@dataclass(frozen=True, slots=True)
class Submitted(_Known):
    """Waits to be accepted for review."""

    status: ClassVar[str] = "SUBMITTED"


@dataclass(frozen=True, slots=True)
class Accepted(_Known):
    """Under review."""

    status: ClassVar[str] = "ACCEPTED"


@dataclass(frozen=True, slots=True)
class Adopted(_Known):
    """Will be carried out."""

    status: ClassVar[str] = "ADOPTED"


@dataclass(frozen=True, slots=True)
class Declined(_Known):
    """Not taken up."""

    status: ClassVar[str] = "DECLINED"


@dataclass(frozen=True, slots=True)
class CarriedOut(_Known):
    """Done, with a result."""

    status: ClassVar[str] = "CARRIED_OUT"


Suggestion = NotSubmitted | Submitted | Accepted | Adopted | Declined | CarriedOut


def decide(command: SuggestionCommand, state: Suggestion) -> tuple[Event, ...]:
    """Decide one command about a suggestion."""
    match command:
        case SubmitSuggestion():
            return _submit(command, state)
        case AcceptSuggestion(accepted_by=subject):
            return (SuggestionAccepted(**_decided(state, subject, Submitted), accepted_by=subject),)
        case AdoptSuggestion(adopted_by=subject):
            return (SuggestionAdopted(**_decided(state, subject, Accepted), adopted_by=subject, plan=command.plan),)
        case DeclineSuggestion(declined_by=subject):
            ids = _decided(state, subject, Submitted, Accepted)
            return (SuggestionDeclined(**ids, declined_by=subject, reason=command.reason),)
        case ReportSuggestionResult():
            return (SuggestionCarriedOut(**_decided(state, None, Adopted), result=command.result),)
        case _:
            assert_never(command)


def _submit(command: SubmitSuggestion, state: Suggestion) -> tuple[Event, ...]:
    if not isinstance(state, NotSubmitted):
        raise AlreadyExists
    return (SuggestionSubmitted.model_validate(command.model_dump()),)


def _decided(state: Suggestion, subject: str | None, *allowed: type[_Known]) -> dict[str, Any]:
    """The ids that every event names. Raises unless somebody else decides, in one of these phases."""
    if isinstance(state, NotSubmitted):
        raise WrongStep
    if subject == str(state.submitted.member_id):
        raise NobodyConfirmsTheirOwn
    if not isinstance(state, allowed):
        raise WrongStep(status=state.status)
    return {name: getattr(state.submitted, name) for name in ("suggestion_id", "member_id", "community_id")}


def evolve(state: Suggestion, event: Event) -> Suggestion:
    """Fold one event. Never raises."""
    match state, event:
        case NotSubmitted(), SuggestionSubmitted():
            return Submitted(event)
        case NotSubmitted(), _:
            return state
        case _, SuggestionAccepted():
            return Accepted(state.submitted)
        case _, SuggestionAdopted():
            return Adopted(state.submitted)
        case _, SuggestionDeclined():
            return Declined(state.submitted)
        case _, SuggestionCarriedOut():
            return CarriedOut(state.submitted)
        case _:
            return state


SUGGESTION: Final = following(Decider(category="suggestion", initial=NotSubmitted(), decide=decide, evolve=evolve))
