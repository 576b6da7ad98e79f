"""A member's suggestion (建议), judged on whether it can be taken up and never on its tone.

Invariant: nobody decides their own; a decline gives its reason; being accepted for review is enough for the six ones.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.activities import errors
from services.activities.following import following
from services.activities.wording import Prose, Reason, Title
from shared.contracts.activities import (
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


class SuggestionStatus(StrEnum):
    """Where a suggestion stands."""

    UNKNOWN = "UNKNOWN"
    SUBMITTED = "SUBMITTED"
    ACCEPTED = "ACCEPTED"
    ADOPTED = "ADOPTED"
    DECLINED = "DECLINED"
    CARRIED_OUT = "CARRIED_OUT"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Fold of a suggestion's stream."""

    status: SuggestionStatus = SuggestionStatus.UNKNOWN
    submitted: SuggestionSubmitted | None = None


def decide(command: SuggestionCommand, state: Suggestion) -> tuple[Event, ...]:
    """Decide one command about a suggestion."""
    if isinstance(command, SubmitSuggestion):
        if state.submitted is not None:
            raise errors.AlreadyExists
        return (SuggestionSubmitted.model_validate(command.model_dump()),)
    if state.submitted is None:
        raise errors.WrongStep
    ids = {name: getattr(state.submitted, name) for name in ("suggestion_id", "member_id", "community_id")}
    member, status = str(state.submitted.member_id), state.status
    match command:
        case AcceptSuggestion(accepted_by=subject):
            _require(status, subject, member, SuggestionStatus.SUBMITTED)
            return (SuggestionAccepted(**ids, accepted_by=subject),)
        case AdoptSuggestion(adopted_by=subject):
            _require(status, subject, member, SuggestionStatus.ACCEPTED)
            return (SuggestionAdopted(**ids, adopted_by=subject, plan=command.plan),)
        case DeclineSuggestion(declined_by=subject):
            _require(status, subject, member, SuggestionStatus.SUBMITTED, SuggestionStatus.ACCEPTED)
            return (SuggestionDeclined(**ids, declined_by=subject, reason=command.reason),)
        case ReportSuggestionResult():
            _require(status, "", member, SuggestionStatus.ADOPTED)
            return (SuggestionCarriedOut(**ids, result=command.result),)


def _require(status: SuggestionStatus, subject: str, member: str, *allowed: SuggestionStatus) -> None:
    if subject == member:
        raise errors.NobodyConfirmsTheirOwn
    if status not in allowed:
        raise errors.WrongStep(status=status.value)


def evolve(state: Suggestion, event: Event) -> Suggestion:
    """Fold one event. Never raises."""
    match event:
        case SuggestionSubmitted():
            return Suggestion(SuggestionStatus.SUBMITTED, event)
        case SuggestionAccepted():
            return replace(state, status=SuggestionStatus.ACCEPTED)
        case SuggestionAdopted():
            return replace(state, status=SuggestionStatus.ADOPTED)
        case SuggestionDeclined():
            return replace(state, status=SuggestionStatus.DECLINED)
        case SuggestionCarriedOut():
            return replace(state, status=SuggestionStatus.CARRIED_OUT)
        case _:
            return state


SUGGESTION: Final = following(Decider(category="suggestion", initial=Suggestion(), decide=decide, evolve=evolve))
