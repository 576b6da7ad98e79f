"""How long service data is kept: attendance for three years, records of service with their certificates for ten, a month of it at a time.

Invariant: nothing is deleted early, and what was deleted once is not deleted again.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, UUID

from shared.contracts.activities.retention import Retained, ServiceRetentionApplied
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.identifiers import part_id
from shared.privacy.retention import given_up_on

YEARS: Final = {Retained.ATTENDANCE: 3, Retained.LEDGER: 10}


class TermIsNotOver(DomainError):
    """What is kept for a stated number of years is not given up before."""


class ApplyRetention(Command):
    """Delete what happened before `until`, the first of a month."""

    what: Retained
    until: date
    applied_on: date


@dataclass(frozen=True, slots=True)
class KeptFromTheStart:
    """Nothing has been deleted yet."""


@dataclass(frozen=True, slots=True)
class KeptFrom:
    """What happened before this day has been deleted."""

    day: date


Kept = KeptFromTheStart | KeptFrom


def retention_id(what: Retained) -> UUID:
    """One stream per district and kind."""
    return part_id(NAMESPACE_URL, f"urn:guangcai:activities:retention:{what}")


def decide(command: ApplyRetention, state: Kept) -> tuple[Event, ...]:
    """Decide one command about what is kept."""
    if command.applied_on < given_up_on(command.until, YEARS[command.what]):
        raise TermIsNotOver
    if isinstance(state, KeptFrom) and command.until <= state.day:
        return ()
    return (ServiceRetentionApplied(**command.model_dump()),)


def evolve(state: Kept, event: Event) -> Kept:
    """Fold one event. Never raises."""
    match event:
        case ServiceRetentionApplied():
            return KeptFrom(event.until)
        case _:
            return state


INITIAL: Final[Kept] = KeptFromTheStart()
RETENTION: Final[Decider[ApplyRetention, Kept]] = Decider(category="retention", initial=INITIAL, decide=decide, evolve=evolve)
