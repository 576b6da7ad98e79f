"""What a pairing needs to run: helpers and, with minors, two of them and the consent of those who have custody."""

from typing import assert_never

from services.activities.pairings.state import Ended, Living, NotOffered, Offered, Pairing, Paused, Running, ids
from services.activities.wording import ADULTS_WITH_MINORS
from shared.contracts.activities.pairings import HelpPairingPaused, HelpPairingStarted, PairingPause
from shared.contracts.event import Event


def readiness(state: Pairing) -> tuple[Event, ...]:
    """Start when everything is there, pause as soon as something is missing."""
    match state:
        case NotOffered() | Ended():
            return ()
        case Offered() | Paused():
            return () if _missing(state) else (HelpPairingStarted(**ids(state), member_ids=state.helpers),)
        case Running():
            cause = _missing(state)
            return () if cause is None else (HelpPairingPaused(**ids(state), cause=cause),)
        case _:
            assert_never(state)


def _missing(state: Living) -> PairingPause | None:
    if state.offered.is_with_minors and not state.has_consent:
        return PairingPause.NO_PARENTAL_CONSENT
    needed = ADULTS_WITH_MINORS if state.offered.is_with_minors else 1
    return PairingPause.TOO_FEW_HELPERS if len(state.helpers) < needed else None
