"""A resident's need (群众需求), to block level and without the resident: recorded, looked at, published, forwarded, answered.

Invariants: members read only what somebody other than the recorder looked at, in the words that were published; numbers that lead to a
person never enter; a passed day is said once for each limit. Posts and pairings may grow out of a published need.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.activities import errors
from services.activities.following import following
from services.activities.wording import Line, Prose, Reason
from shared.contracts.activities import (
    NeedLimit,
    NeedReturn,
    PostCategory,
    ResidentNeedAnswered,
    ResidentNeedForwarded,
    ResidentNeedOverdue,
    ResidentNeedPublished,
    ResidentNeedRecorded,
    ResidentNeedReturned,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.personal_numbers import holds_number_of_a_person

# Working days a community has; an answer counts from the day the need is published.
LOOK_WITHIN: Final = 3
ANSWER_WITHIN: Final = 10


class NumberOfAPerson(DomainError):
    """The text holds a telephone or identity number; write it without saying who is meant."""


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
    """Give it back to who recorded it."""

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


class NeedStatus(StrEnum):
    """Where a need stands."""

    UNKNOWN = "UNKNOWN"
    RECORDED = "RECORDED"
    PUBLISHED = "PUBLISHED"
    FORWARDED = "FORWARDED"
    ANSWERED = "ANSWERED"
    RETURNED = "RETURNED"


OPEN: Final = frozenset({NeedStatus.PUBLISHED, NeedStatus.FORWARDED})


@dataclass(frozen=True, slots=True)
class Need:
    """Fold of a need's stream; `due` is what is awaited now until when, `reminded` what was said to be overdue."""

    status: NeedStatus = NeedStatus.UNKNOWN
    recorded: ResidentNeedRecorded | None = None
    due: tuple[NeedLimit, date] | None = None
    reminded: frozenset[NeedLimit] = frozenset()

    @property
    def is_public(self) -> bool:
        """Whether members may read it."""
        return self.status in OPEN or self.status is NeedStatus.ANSWERED


def decide(command: NeedCommand, state: Need) -> tuple[Event, ...]:
    """Decide one command about a need."""
    if isinstance(command, RecordNeed):
        return _record(command, state)
    if state.recorded is None:
        raise errors.WrongStep(status=state.status.value)
    ids: dict[str, Any] = {name: getattr(state.recorded, name) for name in ("need_id", "community_id", "category")}
    match command:
        case PublishNeed():
            return _publish(command, state, state.recorded, ids)
        case ReturnNeed():
            if state.status is NeedStatus.RETURNED:
                return ()
            return (ResidentNeedReturned(**ids, **command.model_dump(), member_id=state.recorded.member_id),)
        case ForwardNeed():
            _require_open(state)
            return (ResidentNeedForwarded(**ids, forwarded_to=command.forwarded_to),)
        case AnswerNeed():
            _require_open(state)
            require_nobodys(command.answer)
            return (ResidentNeedAnswered(**ids, answer=command.answer),)
        case RemindOfNeed():
            return _remind(command, state, ids)


def _record(command: RecordNeed, state: Need) -> tuple[Event, ...]:
    if state.recorded is not None:
        raise errors.AlreadyExists
    require_nobodys(command.text, command.place)
    return (ResidentNeedRecorded.model_validate(command.model_dump()),)


def _publish(command: PublishNeed, state: Need, recorded: ResidentNeedRecorded, ids: dict[str, Any]) -> tuple[Event, ...]:
    if state.status is not NeedStatus.RECORDED:
        raise errors.WrongStep(status=state.status.value)
    if command.published_by == recorded.recorder:
        raise errors.NobodyConfirmsTheirOwn
    text, place = command.text or recorded.text, command.place or recorded.place
    require_nobodys(text, place)
    words: dict[str, Any] = {"text": text, "place": place, "is_rewritten": (text, place) != (recorded.text, recorded.place)}
    return (ResidentNeedPublished(**ids, **words, published_by=command.published_by, answer_by=command.answer_by),)


def _remind(command: RemindOfNeed, state: Need, ids: dict[str, Any]) -> tuple[Event, ...]:
    """Nothing to say when it was done in the meantime."""
    if state.due is None or command.limit in state.reminded:
        return ()
    limit, due_on = state.due
    if limit is not command.limit or command.today <= due_on:
        return ()
    return (ResidentNeedOverdue(**ids, limit=limit, due_on=due_on),)


def _require_open(state: Need) -> None:
    if state.status not in OPEN:
        raise errors.WrongStep(status=state.status.value)


def require_nobodys(*texts: str) -> None:
    """Raise NumberOfAPerson when one of the texts holds a telephone or citizen number."""
    if holds_number_of_a_person(*texts):
        raise NumberOfAPerson


def evolve(state: Need, event: Event) -> Need:
    """Fold one event. Never raises."""
    match event:
        case ResidentNeedRecorded(look_by=None):  # recorded when needs were public at once
            return Need(NeedStatus.PUBLISHED, event)
        case ResidentNeedRecorded(look_by=date() as look_by):
            return Need(NeedStatus.RECORDED, event, (NeedLimit.FIRST_LOOK, look_by))
        case ResidentNeedPublished():
            return replace(state, status=NeedStatus.PUBLISHED, due=(NeedLimit.ANSWER, event.answer_by))
        case ResidentNeedForwarded():
            return replace(state, status=NeedStatus.FORWARDED)
        case ResidentNeedAnswered():
            return replace(state, status=NeedStatus.ANSWERED, due=None)
        case ResidentNeedReturned():
            return replace(state, status=NeedStatus.RETURNED, due=None)
        case ResidentNeedOverdue():
            return replace(state, reminded=state.reminded | {event.limit})
        case _:
            return state


NEED: Final = following(Decider(category="need", initial=Need(), decide=decide, evolve=evolve))
