"""State of a help pairing: who takes part, whether those who have custody consent, and whether it runs; and what can be refused in it."""

from dataclasses import dataclass, replace
from typing import Any, assert_never
from uuid import UUID

from shared.contracts.activities.pairings import (
    HelpPairingEnded,
    HelpPairingJoined,
    HelpPairingLeft,
    HelpPairingOffered,
    HelpPairingPaused,
    HelpPairingStarted,
    ParentalConsentStated,
)
from shared.contracts.event import Event
from shared.decider import DomainError


class PairingIsNotRunning(DomainError):
    """The pairing is not under way: helpers or the consent are missing, or it has ended."""


class PairingIsComplete(DomainError):
    """As many members take part as were asked for."""


class NotAHelper(DomainError):
    """The member does not take part in this pairing."""


@dataclass(frozen=True, slots=True)
class NotOffered:
    """There is no pairing yet."""


@dataclass(frozen=True, slots=True)
class _Known:
    offered: HelpPairingOffered
    helpers: tuple[UUID, ...] = ()  # in order of arrival


@dataclass(frozen=True, slots=True)
class _Living(_Known):
    has_consent: bool = False


@dataclass(frozen=True, slots=True)
class Offered(_Living):
    """It has not started: helpers or the consent are missing."""


@dataclass(frozen=True, slots=True)
class Running(_Living):
    """Everything that it needs is there."""


@dataclass(frozen=True, slots=True)
class Paused(_Living):
    """It ran, and something is missing now."""


@dataclass(frozen=True, slots=True)
class Ended(_Known):
    """It is over; `helpers` took part to the end."""


Living = Offered | Running | Paused
Pairing = NotOffered | Offered | Running | Paused | Ended


def ids(state: Living) -> dict[str, Any]:
    """The ids that every event of a pairing names."""
    return {"pairing_id": state.offered.pairing_id, "community_id": state.offered.community_id}


def evolve(state: Pairing, event: Event) -> Pairing:
    """Fold one event. Never raises."""
    match state:
        case NotOffered():
            return Offered(event) if isinstance(event, HelpPairingOffered) else state
        case Offered() | Running() | Paused():
            return _evolve_living(state, event)
        case Ended():
            return state
        case _:
            assert_never(state)


def _evolve_living(state: Living, event: Event) -> Pairing:
    match event:
        case ParentalConsentStated():
            return replace(state, has_consent=event.is_given)
        case HelpPairingJoined():
            return replace(state, helpers=(*state.helpers, event.member_id))
        case HelpPairingLeft():
            return replace(state, helpers=tuple(each for each in state.helpers if each != event.member_id))
        case HelpPairingStarted():
            return Running(state.offered, state.helpers, state.has_consent)
        case HelpPairingPaused():
            return Paused(state.offered, state.helpers, state.has_consent)
        case HelpPairingEnded():
            return Ended(state.offered, state.helpers)
        case _:
            return state
