"""An anonymous questionnaire (调查问卷): drafted, published and from then on unchanged, answered on one-time codes until its last day.

Invariants: a code gives one sheet at most, and a wrong one is refused like a used one; what is told is told after the end, of five
sheets or more. Nobody who answers is known here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.activities import errors
from services.activities.needs.need import require_nobodys
from services.activities.questionnaires.questions import Answers, QuestionnaireContents, QuestionnaireDraft, require_fitting
from shared.contracts.activities import (
    QuestionnaireAnswered,
    QuestionnaireClosed,
    QuestionnaireCodesIssued,
    QuestionnaireDrafted,
    QuestionnairePublished,
    QuestionnaireResultsPublished,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

MOST_CODES: Final = 2_000  # every sheet copies a set of them when the stream is folded
LEAST_SHEETS: Final = 5


class QuestionnaireIsPublished(DomainError):
    """The questionnaire is published; nothing of it changes any more."""


class QuestionnaireIsNotPublished(DomainError):
    """The questionnaire is not published yet."""


class LastDayIsOver(DomainError):
    """The last day to answer has to be today or later."""


class QuestionnaireIsClosed(DomainError):
    """The questionnaire is closed; it takes no more answers."""


class QuestionnaireIsOpen(DomainError):
    """The questionnaire is still open; its answers are counted once it is closed."""


class TooManyCodes(DomainError):
    """A questionnaire has at most two thousand codes."""


class CodeRefused(DomainError):
    """This code cannot be used to answer."""


class CodesOfAnotherKey(DomainError):
    """The key behind these codes has changed: none of them is good any more, a new batch is."""


class TooFewSheets(DomainError):
    """Fewer than five sheets came in; nothing is told, so that nobody can be guessed."""


class DraftQuestionnaire(QuestionnaireDraft):
    """Write a questionnaire."""

    questionnaire_id: UUID


class AmendQuestionnaire(QuestionnaireContents):
    """Write the draft anew."""


class PublishQuestionnaire(Command):
    """Ask it."""

    today: date


class IssueCodes(Command):
    """Make codes to answer with; what is kept of them."""

    batch_id: UUID
    code_hashes: frozenset[str]
    today: date


class HandInSheet(Command):
    """Answer, with a code."""

    code_hash: str
    answers: Answers
    today: date


class CloseQuestionnaire(Command):
    """Take no more answers."""

    today: date


class PublishResults(Command):
    """Let members read the counts."""

    today: date


QuestionnaireCommand = (
    DraftQuestionnaire | AmendQuestionnaire | PublishQuestionnaire | IssueCodes | HandInSheet | CloseQuestionnaire | PublishResults
)


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """Fold of a questionnaire's stream. `batches`: how many codes each holds; `issued`, `used`: hashes of codes."""

    drafted: QuestionnaireDrafted | None = None
    is_published: bool = False
    closed_on: date | None = None
    batches: Mapping[UUID, int] = field(default_factory=dict[UUID, int])
    issued: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    are_results_published: bool = False

    def is_over(self, today: date) -> bool:
        """Whether it takes no more answers."""
        return self.closed_on is not None or (self.drafted is not None and today > self.drafted.last_day)


def decide(command: QuestionnaireCommand, state: Questionnaire) -> tuple[Event, ...]:
    """Decide one command about a questionnaire."""
    if isinstance(command, DraftQuestionnaire):
        if state.drafted is not None:
            raise errors.AlreadyExists
        return _drafted(command, command.model_dump(include={"questionnaire_id", "community_id", "street_id"}))
    if state.drafted is None:
        raise errors.WrongStep
    match command:
        case AmendQuestionnaire():
            return _amend(command, state, state.drafted)
        case PublishQuestionnaire():
            return _publish(command, state, state.drafted)
        case IssueCodes():
            return _issue(command, state, state.drafted.questionnaire_id)
        case HandInSheet():
            return _hand_in(command, state, state.drafted)
        case CloseQuestionnaire(today=today):
            _require_published(state)
            closed = QuestionnaireClosed(questionnaire_id=state.drafted.questionnaire_id, closed_on=today)
            return () if state.is_over(today) else (closed,)
        case PublishResults(today=today):
            require_told(state, today)
            published = QuestionnaireResultsPublished(questionnaire_id=state.drafted.questionnaire_id, published_on=today)
            return () if state.are_results_published else (published,)


def _drafted(contents: QuestionnaireContents, whose: dict[str, Any]) -> tuple[Event, ...]:
    require_nobodys(*contents.texts)
    return (QuestionnaireDrafted(**whose, **contents.said()),)


def _amend(command: AmendQuestionnaire, state: Questionnaire, drafted: QuestionnaireDrafted) -> tuple[Event, ...]:
    if state.is_published:
        raise QuestionnaireIsPublished
    anew = _drafted(command, drafted.model_dump(include={"questionnaire_id", "community_id", "street_id"}))
    return () if anew == (drafted,) else anew


def _publish(command: PublishQuestionnaire, state: Questionnaire, drafted: QuestionnaireDrafted) -> tuple[Event, ...]:
    if state.is_published:
        return ()
    if drafted.last_day < command.today:
        raise LastDayIsOver
    return (QuestionnairePublished(**drafted.model_dump(), published_on=command.today),)


def _issue(command: IssueCodes, state: Questionnaire, questionnaire_id: UUID) -> tuple[Event, ...]:
    _require_open(state, command.today)
    if command.batch_id in state.batches:
        return ()
    if command.code_hashes & state.issued:  # a used code would come to life again
        raise errors.AlreadyExists
    if len(state.issued) + len(command.code_hashes) > MOST_CODES:
        raise TooManyCodes
    hashes = tuple(sorted(command.code_hashes))
    return (QuestionnaireCodesIssued(questionnaire_id=questionnaire_id, batch_id=command.batch_id, code_hashes=hashes),)


def _hand_in(command: HandInSheet, state: Questionnaire, drafted: QuestionnaireDrafted) -> tuple[Event, ...]:
    """The code comes last: a sheet that does not fit says nothing about it."""
    _require_open(state, command.today)
    require_fitting(drafted.questions, command.answers)
    if command.code_hash not in state.issued or command.code_hash in state.used:
        raise CodeRefused
    answers = tuple(tuple(sorted(each)) for each in command.answers)
    return (QuestionnaireAnswered(questionnaire_id=drafted.questionnaire_id, code_hash=command.code_hash, answers=answers),)


def require_told(state: Questionnaire, today: date) -> None:
    """Raise QuestionnaireIsOpen or TooFewSheets while counts are told to nobody."""
    _require_published(state)
    if not state.is_over(today):
        raise QuestionnaireIsOpen
    if len(state.used) < LEAST_SHEETS:
        raise TooFewSheets


def _require_published(state: Questionnaire) -> None:
    if not state.is_published:
        raise QuestionnaireIsNotPublished


def _require_open(state: Questionnaire, today: date) -> None:
    _require_published(state)
    if state.is_over(today):
        raise QuestionnaireIsClosed


def evolve(state: Questionnaire, event: Event) -> Questionnaire:
    """Fold one event. Never raises."""
    match event:
        case QuestionnaireDrafted():
            return replace(state, drafted=event)
        case QuestionnairePublished():
            return replace(state, is_published=True)
        case QuestionnaireCodesIssued():
            batches = {**state.batches, event.batch_id: len(event.code_hashes)}
            return replace(state, batches=batches, issued=state.issued.union(event.code_hashes))
        case QuestionnaireAnswered():
            return replace(state, used=state.used | {event.code_hash})
        case QuestionnaireClosed():
            return replace(state, closed_on=event.closed_on)
        case QuestionnaireResultsPublished():
            return replace(state, are_results_published=True)
        case _:
            return state


QUESTIONNAIRE: Final = Decider(category="questionnaire", initial=Questionnaire(), decide=decide, evolve=evolve)
