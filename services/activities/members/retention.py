"""How long is kept who came (three years), and records of service with their certificates (ten): then a month of it at a time is given up.

Invariant: nothing is given up early, and what was given up once is not given up again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, UUID, uuid5

from services.activities.errors import TermIsNotOver
from shared.contracts.activities import Retained, ServiceRetentionApplied
from shared.contracts.event import Event
from shared.decider import Command, Decider
from shared.retention import given_up_on

YEARS: Final = {Retained.ATTENDANCE: 3, Retained.LEDGER: 10}


class ApplyRetention(Command):
    """Give up what happened before `until`, the first of a month."""

    what: Retained
    until: date
    applied_on: date


@dataclass(frozen=True, slots=True)
class Kept:
    """Begins on that day (None: with the first entry)."""

    begins_on: date | None = None


def retention_id(what: Retained) -> UUID:
    """One stream per district and kind."""
    return uuid5(NAMESPACE_URL, f"urn:guangcai:activities:retention:{what}")


def decide(command: ApplyRetention, state: Kept) -> tuple[Event, ...]:
    """Events that follow from a command."""
    if command.applied_on < given_up_on(command.until, YEARS[command.what]):
        raise TermIsNotOver
    if state.begins_on is not None and command.until <= state.begins_on:
        return ()
    return (ServiceRetentionApplied(**command.model_dump()),)


def evolve(state: Kept, event: Event) -> Kept:
    """State after one more event."""
    return Kept(event.until) if isinstance(event, ServiceRetentionApplied) else state


RETENTION: Final[Decider[ApplyRetention, Kept]] = Decider(category="retention", initial=Kept(), decide=decide, evolve=evolve)
