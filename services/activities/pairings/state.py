"""State of a help pairing: who takes part, whether those who have custody consent, and whether it runs; and its broken rules."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.activities import (
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


class PairingPhase(StrEnum):
    """Where a pairing stands."""

    UNKNOWN = "UNKNOWN"
    OFFERED = "OFFERED"
    RUNNING = "RUNNING"
    PAUSED = "PAUSED"
    ENDED = "ENDED"


@dataclass(frozen=True, slots=True)
class Pairing:
    """Fold of a pairing's stream; helpers in order of arrival."""

    phase: PairingPhase = PairingPhase.UNKNOWN
    offered: HelpPairingOffered | None = None
    helpers: tuple[UUID, ...] = ()
    has_consent: bool = False


INITIAL: Final = Pairing()


def evolve(state: Pairing, event: Event) -> Pairing:
    """Fold one event. Never raises."""
    match event:
        case HelpPairingOffered():
            return Pairing(PairingPhase.OFFERED, event)
        case ParentalConsentStated():
            return replace(state, has_consent=event.is_given)
        case HelpPairingJoined():
            return replace(state, helpers=(*state.helpers, event.member_id))
        case HelpPairingLeft():
            return replace(state, helpers=tuple(each for each in state.helpers if each != event.member_id))
        case HelpPairingStarted():
            return replace(state, phase=PairingPhase.RUNNING)
        case HelpPairingPaused():
            return replace(state, phase=PairingPhase.PAUSED)
        case HelpPairingEnded():
            return replace(state, phase=PairingPhase.ENDED)
        case _:
            return state
