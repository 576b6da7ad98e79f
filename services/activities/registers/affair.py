"""Open affairs (居务公开) in three stages.

Invariant: an affair is shown before, while and after it is done, in this order, and does not go on while people may still comment.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from services.activities.refusals import AlreadyExists, WrongStep
from services.activities.wording import Line, Prose, Title
from shared.contracts.activities.registers import AffairStage, OpenAffairPublished
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class AffairIsOpenForComments(DomainError):
    """People may still speak up; the affair goes on afterwards."""


class StageDraft(Command):
    """What is shown at this stage, and who answers for it, by function."""

    text: Prose
    responsible: Line
    comments_until: date | None = None


class AnnounceAffair(StageDraft):
    """事前公开: show an affair before it is begun."""

    affair_id: UUID
    community_id: UUID
    subject: Title
    today: date


class ContinueAffair(StageDraft):
    """事中公开 or 事后公开."""

    stage: AffairStage
    today: date


AffairCommand = AnnounceAffair | ContinueAffair


@dataclass(frozen=True, slots=True)
class NotAnnounced:
    """Nothing was shown yet."""


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Shown before or while it is done; `shown` is the last publication."""

    shown: OpenAffairPublished


@dataclass(frozen=True, slots=True)
class Done:
    """Shown after it was done; nothing follows."""

    shown: OpenAffairPublished


Affair = NotAnnounced | UnderWay | Done


def decide(command: AffairCommand, state: Affair) -> tuple[Event, ...]:
    """Decide one command about an open affair."""
    match command:
        case AnnounceAffair():
            return _announce(command, state)
        case ContinueAffair():
            return _continue(command, state)
        case _:
            assert_never(command)


def _announce(command: AnnounceAffair, state: Affair) -> tuple[Event, ...]:
    if not isinstance(state, NotAnnounced):
        raise AlreadyExists
    shown = {**command.model_dump(exclude={"today"}), "published_on": command.today}
    return (OpenAffairPublished.model_validate({**shown, "stage": AffairStage.BEFORE}),)


def _continue(command: ContinueAffair, state: Affair) -> tuple[Event, ...]:
    match state:
        case NotAnnounced():
            raise WrongStep(stage=None)
        case UnderWay(shown=before) if command.stage is not AffairStage.BEFORE:
            if before.comments_until is not None and command.today <= before.comments_until:
                raise AffairIsOpenForComments(comments_until=before.comments_until.isoformat())
            ids = {name: getattr(before, name) for name in ("affair_id", "community_id", "subject")}
            shown = {**command.model_dump(exclude={"today"}), "published_on": command.today}
            return (OpenAffairPublished.model_validate({**shown, **ids}),)
        case UnderWay() | Done():
            raise WrongStep(stage=state.shown.stage)
        case _:
            assert_never(state)


def evolve(state: Affair, event: Event) -> Affair:
    """Fold one event. Never raises."""
    match event:
        case OpenAffairPublished(stage=AffairStage.AFTER):
            return Done(event)
        case OpenAffairPublished():
            return UnderWay(event)
        case _:
            return state


AFFAIR: Final = Decider(category="affair", initial=NotAnnounced(), decide=decide, evolve=evolve)
