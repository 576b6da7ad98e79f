"""A resident's need (群众需求), to block level and without the resident: recorded, forwarded, answered; a post may grow out of it."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.activities.domain import errors
from services.activities.domain.wording import Line, Prose
from shared.contracts.activities import PostCategory, ResidentNeedAnswered, ResidentNeedForwarded, ResidentNeedRecorded
from shared.contracts.event import Event
from shared.decider import Command, Decider


class NeedDraft(Command):
    """What was heard. No names of residents."""

    community_id: UUID
    category: PostCategory
    text: Prose
    place: Line


class RecordNeed(NeedDraft):
    """Write a need down; `member_id` is the member who heard it, if one did."""

    need_id: UUID
    member_id: UUID | None = None


class ForwardNeed(Command):
    """Pass it on."""

    forwarded_to: Line


class AnswerNeed(Command):
    """Answer it, with or without forwarding."""

    answer: Prose


NeedCommand = RecordNeed | ForwardNeed | AnswerNeed


class NeedStatus(StrEnum):
    """Where a need stands."""

    UNKNOWN = "UNKNOWN"
    RECORDED = "RECORDED"
    FORWARDED = "FORWARDED"
    ANSWERED = "ANSWERED"


@dataclass(frozen=True, slots=True)
class Need:
    """Fold of a need's stream."""

    status: NeedStatus = NeedStatus.UNKNOWN
    recorded: ResidentNeedRecorded | None = None


def decide(command: NeedCommand, state: Need) -> tuple[Event, ...]:
    """Decide one command about a need."""
    if isinstance(command, RecordNeed):
        if state.recorded is not None:
            raise errors.AlreadyExists
        return (ResidentNeedRecorded.model_validate(command.model_dump()),)
    if state.recorded is None or state.status is NeedStatus.ANSWERED:
        raise errors.WrongStep(status=state.status.value)
    ids = {name: getattr(state.recorded, name) for name in ("need_id", "community_id", "category")}
    match command:
        case ForwardNeed():
            return (ResidentNeedForwarded(**ids, forwarded_to=command.forwarded_to),)
        case AnswerNeed():
            return (ResidentNeedAnswered(**ids, answer=command.answer),)


def evolve(state: Need, event: Event) -> Need:
    """Fold one event. Never raises."""
    match event:
        case ResidentNeedRecorded():
            return Need(NeedStatus.RECORDED, event)
        case ResidentNeedForwarded():
            return replace(state, status=NeedStatus.FORWARDED)
        case ResidentNeedAnswered():
            return replace(state, status=NeedStatus.ANSWERED)
        case _:
            return state


NEED: Final = Decider(category="need", initial=Need(), decide=decide, evolve=evolve)
