"""The phases of a questionnaire: how each event moves it on, and what may be done in which."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from services.activities.refusals import WrongStep
from shared.contracts.activities.questionnaires import (
    QuestionnaireAnswered,
    QuestionnaireClosed,
    QuestionnaireCodesIssued,
    QuestionnaireDrafted,
    QuestionnairePublished,
    QuestionnaireResultsPublished,
)
from shared.contracts.event import Event
from shared.decider import DomainError

LEAST_SHEETS: Final = 5


class QuestionnaireIsNotPublished(DomainError):
    """The questionnaire is not published yet."""


class QuestionnaireIsClosed(DomainError):
    """The questionnaire is closed; it takes no more answers."""


class QuestionnaireIsOpen(DomainError):
    """The questionnaire is still open; its answers are counted once it is closed."""


class TooFewSheets(DomainError):
    """Fewer than five sheets came in; nothing is told, so that nobody can be guessed."""


@dataclass(frozen=True, slots=True)
class NotDrafted:
    """There is no questionnaire yet."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Not published; it may be written anew."""

    drafted: QuestionnaireDrafted


@dataclass(frozen=True, slots=True)
class _Published:
    drafted: QuestionnaireDrafted
    batches: Mapping[UUID, int] = field(default_factory=dict[UUID, int])  # how many codes each holds
    issued: frozenset[str] = frozenset()  # hashes of codes
    used: frozenset[str] = frozenset()  # of these the hashes that a sheet came in with
    are_results_published: bool = False


@dataclass(frozen=True, slots=True)
class Open(_Published):
    """Takes answers until its last day is over."""


@dataclass(frozen=True, slots=True)
class Closed(_Published):
    """Closed before its last day."""


Published = Open | Closed
Questionnaire = NotDrafted | Draft | Open | Closed


def is_over(state: Published, today: date) -> bool:
    """Whether it takes no more answers."""
    return isinstance(state, Closed) or today > state.drafted.last_day


def require_published(state: Questionnaire) -> Published:
    """Raise WrongStep or QuestionnaireIsNotPublished for one that was not published."""
    match state:
        case NotDrafted():
            raise WrongStep
        case Draft():
            raise QuestionnaireIsNotPublished
        case Open() | Closed():
            return state
        case _:
            assert_never(state)


def require_open(state: Questionnaire, today: date) -> Open:
    """Raise QuestionnaireIsClosed, too, when it takes no more answers."""
    published = require_published(state)
    if isinstance(published, Closed) or is_over(published, today):
        raise QuestionnaireIsClosed
    return published


def require_results(state: Questionnaire, today: date) -> Published:
    """Raise QuestionnaireIsOpen or TooFewSheets, too, while nobody may read the counts."""
    published = require_published(state)
    if not is_over(published, today):
        raise QuestionnaireIsOpen
    if len(published.used) < LEAST_SHEETS:
        raise TooFewSheets
    return published


def evolve(state: Questionnaire, event: Event) -> Questionnaire:
    """Fold one event. Never raises."""
    match state, event:
        case ((NotDrafted() | Draft()), QuestionnaireDrafted()):
            return Draft(event)
        case Draft(), QuestionnairePublished():
            return Open(state.drafted)
        case ((NotDrafted() | Draft()), _):
            return state
        case _, QuestionnaireCodesIssued():
            batches = {**state.batches, event.batch_id: len(event.code_hashes)}
            return replace(state, batches=batches, issued=state.issued.union(event.code_hashes))
        case _, QuestionnaireAnswered():
            return replace(state, used=state.used | {event.code_hash})
        case Open(), QuestionnaireClosed():
            return Closed(
                drafted=state.drafted,
                batches=state.batches,
                issued=state.issued,
                used=state.used,
                are_results_published=state.are_results_published,
            )
        case _, QuestionnaireResultsPublished():
            return replace(state, are_results_published=True)
        case _:
            return state
