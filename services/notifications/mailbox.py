"""The mailbox of a recipient: whether letters arrive. Invariant: after three letters came back, none is sent until the address changes.

Kept by recipient, as no address is known here; a refusal of the address counts like a letter that came back (a bounce).
"""

from dataclasses import dataclass, replace
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.notifications import AddressRenewed, AddressRested, LetterBounced, RecipientKind
from shared.decider import Command, Decider

MOST_BOUNCES: Final = 3
RECIPIENT: Final = {"recipient_kind", "recipient_id"}


class NoteBounce(Command):
    """A letter came back, or the server knows no such address."""

    recipient_kind: RecipientKind
    recipient_id: UUID
    notification_id: UUID


class RenewAddress(Command):
    """The recipient gave contact details afresh."""


MailboxCommand = NoteBounce | RenewAddress


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Letters that came back since the address was given, and whether it rests because of them."""

    bounced: tuple[LetterBounced, ...] = ()
    is_resting: bool = False


def decide(command: MailboxCommand, state: Mailbox) -> tuple[Event, ...]:
    """What follows from a command; an empty tuple means that it is already so."""
    match command:
        case NoteBounce(notification_id=notification_id):
            is_known = any(notification_id == each.notification_id for each in state.bounced)
            return () if is_known else _bounced(command, state)
        case RenewAddress():
            return tuple(AddressRenewed(**each.model_dump(include=RECIPIENT)) for each in state.bounced[:1])
        case _:
            assert_never(command)


def _bounced(command: NoteBounce, state: Mailbox) -> tuple[Event, ...]:
    bounced, number = LetterBounced(**command.model_dump()), len(state.bounced) + 1
    if number < MOST_BOUNCES or state.is_resting:
        return (bounced,)
    return (bounced, AddressRested(**command.model_dump(include=RECIPIENT), bounces=number))


def evolve(state: Mailbox, event: Event) -> Mailbox:
    """Fold one event; events of other kinds change nothing."""
    match event:
        case LetterBounced():
            return replace(state, bounced=(*state.bounced, event))
        case AddressRested():
            return replace(state, is_resting=True)
        case AddressRenewed():
            return Mailbox()
        case _:
            return state


MAILBOX: Final[Decider[MailboxCommand, Mailbox]] = Decider("mailbox", Mailbox(), decide, evolve)
