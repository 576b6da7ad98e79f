"""Names in a bulletin (工作简报) of a community's month: who served is asked, and named only with a yes to this very bulletin.

Invariants: nobody agrees who was not asked, nobody is asked twice; a no leaves nothing behind, so it cannot be told from silence.
"""

from dataclasses import dataclass, replace
from typing import Any, Final, assert_never
from uuid import UUID

from services.activities.following import following
from shared.contracts.activities.bulletins import BulletinNamingAgreed, BulletinNamingAsked, BulletinNamingWithdrawn
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.identifiers import named_id


class NobodyServed(DomainError):
    """Nobody has confirmed service in this month of the community, so there is nobody to ask."""


class NotAskedToBeNamed(DomainError):
    """Only who was asked to be named in this bulletin answers."""


class AskToBeNamed(Command):
    """Ask everybody who served in the month and was not asked yet."""

    bulletin_id: UUID
    community_id: UUID
    month: str
    served: tuple[UUID, ...]
    asked_by: str


class AnswerNaming(Command):
    """The member's own yes or no; the last answer counts."""

    member_id: UUID
    may_be_named: bool


BulletinCommand = AskToBeNamed | AnswerNaming


@dataclass(frozen=True, slots=True)
class NobodyAsked:
    """Nobody was asked to be named in it yet."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who was asked and who agrees; `last` says whose bulletin it is and of which month."""

    last: BulletinNamingAsked
    asked: frozenset[UUID]
    agreed: frozenset[UUID] = frozenset()


Bulletin = NobodyAsked | Asked


def bulletin_id(community_id: UUID, month: str) -> UUID:
    """One bulletin per community and month."""
    return named_id(b"bulletin", community_id.bytes, month.encode())


def decide(command: BulletinCommand, state: Bulletin) -> tuple[Event, ...]:
    """Decide one command about the names in a bulletin."""
    match command:
        case AskToBeNamed():
            return _ask(command, state)
        case AnswerNaming():
            return _answer(command, state)
        case _:
            assert_never(command)


def _ask(command: AskToBeNamed, state: Bulletin) -> tuple[Event, ...]:
    if not command.served:
        raise NobodyServed
    facts: dict[str, Any] = command.model_dump(exclude={"served"})
    asked = state.asked if isinstance(state, Asked) else frozenset[UUID]()
    return tuple(BulletinNamingAsked(**facts, member_id=each) for each in command.served if each not in asked)


def _answer(command: AnswerNaming, state: Bulletin) -> tuple[Event, ...]:
    if not isinstance(state, Asked) or command.member_id not in state.asked:
        raise NotAskedToBeNamed
    if command.may_be_named == (command.member_id in state.agreed):
        return ()
    answered = BulletinNamingAgreed if command.may_be_named else BulletinNamingWithdrawn
    return (answered(**state.last.model_dump(exclude={"member_id", "asked_by"}), member_id=command.member_id),)


def evolve(state: Bulletin, event: Event) -> Bulletin:
    """Fold one event. Never raises."""
    match state, event:
        case NobodyAsked(), BulletinNamingAsked():
            return Asked(event, frozenset({event.member_id}))
        case Asked(), BulletinNamingAsked():
            return replace(state, last=event, asked=state.asked | {event.member_id})
        case Asked(), BulletinNamingAgreed():
            return replace(state, agreed=state.agreed | {event.member_id})
        case Asked(), BulletinNamingWithdrawn():
            return replace(state, agreed=state.agreed - {event.member_id})
        case _:
            return state


BULLETIN: Final = following(Decider(category="bulletin", initial=NobodyAsked(), decide=decide, evolve=evolve))
