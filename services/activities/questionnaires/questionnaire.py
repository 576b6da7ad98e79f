"""An anonymous questionnaire (调查问卷): drafted, published and from then on unchanged, answered on one-time codes until its last day.

Invariants: a code gives one sheet at most, and a wrong one is refused like a used one; counts are shown after the end, of five
sheets or more. Nobody who answers is known here.
"""

from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from services.activities.anonymous_texts import require_no_number_of_a_person
from services.activities.questionnaires.questions import Answers, QuestionnaireContents, QuestionnaireDraft, require_fitting
from services.activities.questionnaires.state import (
    Closed,
    Draft,
    NotDrafted,
    Open,
    Published,
    Questionnaire,
    evolve,
    is_over,
    require_open,
    require_published,
    require_results,
)
from services.activities.refusals import AlreadyExists, WrongStep
from shared.contracts.activities.questionnaires import (
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


class QuestionnaireIsPublished(DomainError):
    """The questionnaire is published; nothing of it changes any more."""


class LastDayIsOver(DomainError):
    """The last day to answer has to be today or later."""


class TooManyCodes(DomainError):
    """A questionnaire has at most two thousand codes."""


class CodeRefused(DomainError):
    """This code cannot be used to answer."""


class CodesOfAnotherKey(DomainError):
    """The key behind these codes has changed, so none of them is good any more; make a new batch."""


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


def decide(command: QuestionnaireCommand, state: Questionnaire) -> tuple[Event, ...]:
    """Decide one command about a questionnaire."""
    match command:
        case DraftQuestionnaire():
            return _draft(command, state)
        case AmendQuestionnaire():
            return _amend(command, state)
        case PublishQuestionnaire():
            return _publish(command, state)
        case IssueCodes():
            return _issue(command, require_open(state, command.today))
        case HandInSheet():
            return _hand_in(command, require_open(state, command.today))
        case CloseQuestionnaire():
            return _close(command, require_published(state))
        case PublishResults():
            return _publish_results(command, require_results(state, command.today))
        case _:
            assert_never(command)


def _draft(command: DraftQuestionnaire, state: Questionnaire) -> tuple[Event, ...]:
    if not isinstance(state, NotDrafted):
        raise AlreadyExists
    return _drafted(command, command.model_dump(include={"questionnaire_id", "community_id", "street_id"}))


def _drafted(contents: QuestionnaireContents, whose: dict[str, Any]) -> tuple[Event, ...]:
    require_no_number_of_a_person(*contents.texts)
    return (QuestionnaireDrafted(**whose, **contents.said()),)


def _amend(command: AmendQuestionnaire, state: Questionnaire) -> tuple[Event, ...]:
    match state:
        case NotDrafted():
            raise WrongStep
        case Open() | Closed():
            raise QuestionnaireIsPublished
        case Draft(drafted=drafted):
            anew = _drafted(command, drafted.model_dump(include={"questionnaire_id", "community_id", "street_id"}))
            return () if anew == (drafted,) else anew
        case _:
            assert_never(state)


def _publish(command: PublishQuestionnaire, state: Questionnaire) -> tuple[Event, ...]:
    match state:
        case NotDrafted():
            raise WrongStep
        case Open() | Closed():
            return ()
        case Draft(drafted=drafted):
            if drafted.last_day < command.today:
                raise LastDayIsOver
            return (QuestionnairePublished(**drafted.model_dump(), published_on=command.today),)
        case _:
            assert_never(state)


def _issue(command: IssueCodes, state: Open) -> tuple[Event, ...]:
    if command.batch_id in state.batches:
        return ()
    if command.code_hashes & state.issued:  # a used code could be used again
        raise AlreadyExists
    if len(state.issued) + len(command.code_hashes) > MOST_CODES:
        raise TooManyCodes
    ids = {"questionnaire_id": state.drafted.questionnaire_id, "batch_id": command.batch_id}
    return (QuestionnaireCodesIssued(**ids, code_hashes=tuple(sorted(command.code_hashes))),)


def _hand_in(command: HandInSheet, state: Open) -> tuple[Event, ...]:
    """The code is checked last: the refusal of a sheet that does not fit says nothing about the code."""
    require_fitting(state.drafted.questions, command.answers)
    if command.code_hash not in state.issued or command.code_hash in state.used:
        raise CodeRefused
    answers = tuple(tuple(sorted(each)) for each in command.answers)
    return (QuestionnaireAnswered(questionnaire_id=state.drafted.questionnaire_id, code_hash=command.code_hash, answers=answers),)


def _close(command: CloseQuestionnaire, state: Published) -> tuple[Event, ...]:
    if is_over(state, command.today):
        return ()
    return (QuestionnaireClosed(questionnaire_id=state.drafted.questionnaire_id, closed_on=command.today),)


def _publish_results(command: PublishResults, state: Published) -> tuple[Event, ...]:
    if state.are_results_published:
        return ()
    return (QuestionnaireResultsPublished(questionnaire_id=state.drafted.questionnaire_id, published_on=command.today),)


QUESTIONNAIRE: Final = Decider(category="questionnaire", initial=NotDrafted(), decide=decide, evolve=evolve)
