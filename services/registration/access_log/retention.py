"""The access log is kept for three years and deleted afterwards, a month at a time (guard rail G15).

Invariant: nothing is deleted early, and no month twice.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import NAMESPACE_URL, UUID

from shared.contracts.event import Event
from shared.contracts.registration.changes import AccessRetentionApplied
from shared.decider import Command, Decider, DomainError
from shared.identifiers import part_id
from shared.privacy.retention import given_up_on

YEARS: Final = 3
ACCESS_LOG: Final[UUID] = part_id(NAMESPACE_URL, "urn:guangcai:registration:access-log")  # one stream per district


class ApplyAccessRetention(Command):
    """Stop keeping what was recorded before `until`; `entries` is how many the caller counted."""

    until: date
    entries: int
    applied_on: date


class AccessesAreKept(DomainError):
    """Who looked at personal data is kept on record for three years."""


@dataclass(frozen=True, slots=True)
class AccessLog:
    """Begins on that day (None: with the first entry)."""

    begins_on: date | None = None


def decide(command: ApplyAccessRetention, state: AccessLog) -> tuple[Event, ...]:
    """Events that follow from a command."""
    if command.applied_on < given_up_on(command.until, YEARS):
        raise AccessesAreKept
    if state.begins_on is not None and command.until <= state.begins_on:
        return ()
    return (AccessRetentionApplied(**command.model_dump()),)


def evolve(state: AccessLog, event: Event) -> AccessLog:
    """State after one more event."""
    return AccessLog(event.until) if isinstance(event, AccessRetentionApplied) else state


ACCESS_RETENTION: Final[Decider[ApplyAccessRetention, AccessLog]] = Decider(
    category="access-log", initial=AccessLog(), decide=decide, evolve=evolve
)
