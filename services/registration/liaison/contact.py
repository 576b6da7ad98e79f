"""Contacts between a work unit and a community (联系工作制度): who visited, met, called or wrote to whom, and about which matter.

Invariant: recorded once by one side, never edited; only the other side takes note of it; no text holds a number of a person.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.registration.liaison import (
    LiaisonContactAcknowledged,
    LiaisonContactRecorded,
    LiaisonContactWithdrawn,
    LiaisonKind,
    LiaisonSide,
    LiaisonSubject,
)
from shared.decider import Command, Decider, DomainError
from shared.privacy.personal_numbers import holds_number_of_a_person


class RecordLiaisonContact(Command):
    """Write down a contact that took place, today (`recorded_on`) or before."""

    contact_id: UUID
    unit_id: UUID
    community_id: UUID
    recorded_by: LiaisonSide
    recorder: str
    kind: LiaisonKind
    subject: LiaisonSubject
    held_on: date
    recorded_on: date
    matter: str


class AcknowledgeLiaisonContact(Command):
    """Take note, on the other side. `actor` is the account that does."""

    actor: str


class WithdrawLiaisonContact(Command):
    """Take it back, on the side that recorded it."""

    reason: str


LiaisonCommand = RecordLiaisonContact | AcknowledgeLiaisonContact | WithdrawLiaisonContact


class LiaisonContactUnknown(DomainError):
    """There is no such contact."""


class LiaisonContactInFuture(DomainError):
    """A contact is recorded once it has taken place."""


class LiaisonContactIsWithdrawn(DomainError):
    """The contact was withdrawn; record another one."""


class RecorderMayNotAcknowledge(DomainError):
    """Who recorded a contact does not take note of it for the other side."""


class NumberOfAPerson(DomainError):
    """The text holds a telephone or identity number; contacts are about matters, not about persons."""


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """Nothing happened yet."""


@dataclass(frozen=True, slots=True)
class OnRecord:
    """It took place; the other side may have taken note."""

    contact: LiaisonContactRecorded
    is_acknowledged: bool = False


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Taken back."""

    contact: LiaisonContactRecorded


LiaisonContact = NotRecorded | OnRecord | Withdrawn


def decide(command: LiaisonCommand, state: LiaisonContact) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match state:
        case NotRecorded():
            if not isinstance(command, RecordLiaisonContact):
                raise LiaisonContactUnknown
            return _record(command)
        case OnRecord():
            return _decide_on_record(command, state)
        case Withdrawn():
            if isinstance(command, AcknowledgeLiaisonContact):
                raise LiaisonContactIsWithdrawn
            return ()
        case _:
            assert_never(state)


def _decide_on_record(command: LiaisonCommand, state: OnRecord) -> tuple[Event, ...]:
    match command:
        case RecordLiaisonContact():
            return ()
        case AcknowledgeLiaisonContact():
            return _acknowledge(command, state)
        case WithdrawLiaisonContact():
            _require_no_number(command.reason)
            return (LiaisonContactWithdrawn(**_edge(state.contact), reason=command.reason),)
        case _:
            assert_never(command)


def _record(command: RecordLiaisonContact) -> tuple[Event, ...]:
    if command.held_on > command.recorded_on:
        raise LiaisonContactInFuture
    _require_no_number(command.matter)
    return (LiaisonContactRecorded(**command.model_dump(exclude={"recorded_on"})),)


def _acknowledge(command: AcknowledgeLiaisonContact, state: OnRecord) -> tuple[Event, ...]:
    if command.actor == state.contact.recorder:
        raise RecorderMayNotAcknowledge
    return () if state.is_acknowledged else (LiaisonContactAcknowledged(**_edge(state.contact)),)


def _edge(contact: LiaisonContactRecorded) -> dict[str, UUID]:
    return {"contact_id": contact.contact_id, "unit_id": contact.unit_id, "community_id": contact.community_id}


def _require_no_number(text: str) -> None:
    if holds_number_of_a_person(text):
        raise NumberOfAPerson


def evolve(state: LiaisonContact, event: Event) -> LiaisonContact:
    """State after one more event."""
    match state, event:
        case NotRecorded(), LiaisonContactRecorded():
            return OnRecord(event)
        case OnRecord(), LiaisonContactAcknowledged():
            return replace(state, is_acknowledged=True)
        case OnRecord(), LiaisonContactWithdrawn():
            return Withdrawn(state.contact)
        case _:
            return state


LIAISON_CONTACT: Final[Decider[LiaisonCommand, LiaisonContact]] = Decider(
    category="liaison-contact", initial=NotRecorded(), decide=decide, evolve=evolve
)
