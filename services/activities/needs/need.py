"""A resident's need (群众需求), to block level and without the resident: recorded, looked at, published, forwarded, answered.

Invariants: members read only what somebody other than the recorder looked at, in the words that were published; numbers that lead to a
person never enter; a passed day is reported once for each limit. Posts and pairings may grow out of a published need.
"""

from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from services.activities.anonymous_texts import require_no_number_of_a_person
from services.activities.following import following
from services.activities.needs.state import Answered, Forwarded, Need, NotRecorded, Open, Published, Recorded, Returned, evolve
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn, WrongStep
from services.activities.wording import Line, Prose, Reason
from shared.contracts.activities.needs import (
    NeedLimit,
    NeedReturn,
    ResidentNeedAnswered,
    ResidentNeedForwarded,
    ResidentNeedOverdue,
    ResidentNeedPublished,
    ResidentNeedRecorded,
    ResidentNeedReturned,
)
from shared.contracts.event import Event
from shared.contracts.service_preference import PostCategory
from shared.decider import Command, Decider

# Working days a community has; an answer counts from the day the need is published.
LOOK_WITHIN: Final = 3
ANSWER_WITHIN: Final = 10


class NeedDraft(Command):
    """What was heard. No names of residents."""

    community_id: UUID
    category: PostCategory
    text: Prose
    place: Line


class RecordNeed(NeedDraft):
    """Write a need down; `member_id` is the member who heard it, if one did."""

    need_id: UUID
    recorder: str
    look_by: date
    member_id: UUID | None = None


class NeedWording(Command):
    """In which words it is published; None: as recorded."""

    text: Prose | None = None
    place: Line | None = None


class PublishNeed(NeedWording):
    """Let members read it."""

    published_by: str
    answer_by: date


class ReturnDraft(Command):
    """Why it is not published, or no longer."""

    reason_code: NeedReturn
    reason: Reason


class ReturnNeed(ReturnDraft):
    """Give it back to whoever recorded it."""

    returned_by: str


class ForwardNeed(Command):
    """Pass it on."""

    forwarded_to: Line


class AnswerNeed(Command):
    """Answer it, with or without forwarding."""

    answer: Prose


class RemindOfNeed(Command):
    """The day of this limit is over."""

    limit: NeedLimit
    today: date


NeedCommand = RecordNeed | PublishNeed | ReturnNeed | ForwardNeed | AnswerNeed | RemindOfNeed


def decide(command: NeedCommand, state: Need) -> tuple[Event, ...]:
    """Decide one command about a need."""
    match command:
        case RecordNeed():
            return _record(command, state)
        case PublishNeed():
            return _publish(command, state)
        case ReturnNeed():
            return _return(command, state)
        case ForwardNeed():
            return _forward(command, state)
        case AnswerNeed():
            return _answer(command, state)
        case RemindOfNeed():
            return _remind(command, state)
        case _:
            assert_never(command)


def _record(command: RecordNeed, state: Need) -> tuple[Event, ...]:
    if not isinstance(state, NotRecorded):
        raise AlreadyExists
    require_no_number_of_a_person(command.text, command.place)
    return (ResidentNeedRecorded.model_validate(command.model_dump()),)


def _publish(command: PublishNeed, state: Need) -> tuple[Event, ...]:
    if not isinstance(state, Recorded):
        raise WrongStep(status=state.status)
    recorded = state.recorded
    if command.published_by == recorded.recorder:
        raise NobodyConfirmsTheirOwn
    text, place = command.text or recorded.text, command.place or recorded.place
    require_no_number_of_a_person(text, place)
    words: dict[str, Any] = {"text": text, "place": place, "is_rewritten": (text, place) != (recorded.text, recorded.place)}
    return (ResidentNeedPublished(**_ids(recorded), **words, published_by=command.published_by, answer_by=command.answer_by),)


def _return(command: ReturnNeed, state: Need) -> tuple[Event, ...]:
    match state:
        case NotRecorded():
            raise WrongStep(status=state.status)
        case Returned():
            return ()
        case Recorded() | Published() | Forwarded() | Answered():
            return (ResidentNeedReturned(**_ids(state.recorded), **command.model_dump(), member_id=state.recorded.member_id),)
        case _:
            assert_never(state)


def _forward(command: ForwardNeed, state: Need) -> tuple[Event, ...]:
    if not isinstance(state, Open):
        raise WrongStep(status=state.status)
    return (ResidentNeedForwarded(**_ids(state.recorded), forwarded_to=command.forwarded_to),)


def _answer(command: AnswerNeed, state: Need) -> tuple[Event, ...]:
    if not isinstance(state, Open):
        raise WrongStep(status=state.status)
    require_no_number_of_a_person(command.answer)
    return (ResidentNeedAnswered(**_ids(state.recorded), answer=command.answer),)


def _remind(command: RemindOfNeed, state: Need) -> tuple[Event, ...]:
    """Nothing happens when it was done in the meantime."""
    match state, command.limit:
        case NotRecorded(), _:
            raise WrongStep(status=state.status)
        case Recorded(), NeedLimit.FIRST_LOOK:
            due_on = state.look_by
        case ((Published() | Forwarded()), NeedLimit.ANSWER):
            due_on = state.answer_by
        case _:
            return ()
    if due_on is None or state.is_reported_overdue or command.today <= due_on:
        return ()
    return (ResidentNeedOverdue(**_ids(state.recorded), limit=command.limit, due_on=due_on),)


def _ids(recorded: ResidentNeedRecorded) -> dict[str, Any]:
    return {name: getattr(recorded, name) for name in ("need_id", "community_id", "category")}


NEED: Final = following(Decider(category="need", initial=NotRecorded(), decide=decide, evolve=evolve))
