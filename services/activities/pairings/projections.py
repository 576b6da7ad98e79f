"""Help pairings and their helpers as rows."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.pairings import (
    HelpPairingEnded,
    HelpPairingJoined,
    HelpPairingLeft,
    HelpPairingOffered,
    HelpPairingPaused,
    HelpPairingReviewed,
    HelpPairingStarted,
    HelpPairingVisited,
    ParentalConsentStated,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import add, change, delete, fields, save, save_new

COLUMNS: Final = (
    *("community_id", "recipient_type", "goal", "file_no", "need_id", "helpers_wanted", "is_with_minors"),
    *("term_start", "term_end", "review_by"),
)


def offered(_event: Recorded, data: HelpPairingOffered) -> Iterator[Write]:
    """A pairing that looks for helpers."""
    start = {"has_consent": False, "visits": 0, "status": "OFFERED"}
    yield save("pairings", fields(data, "pairing_id"), {**fields(data, *COLUMNS), **start})


def joined(_event: Recorded, data: HelpPairingJoined) -> Iterator[Write]:
    """One helper more."""
    yield save_new("pairing_helpers", fields(data, "pairing_id", "member_id"), {})


def left(_event: Recorded, data: HelpPairingLeft) -> Iterator[Write]:
    """One helper less."""
    yield delete("pairing_helpers", fields(data, "pairing_id", "member_id"))


def consent_stated(_event: Recorded, data: ParentalConsentStated) -> Iterator[Write]:
    """The written consent is at hand, or no longer."""
    yield _pairing(data, has_consent=data.is_given)


def started(_event: Recorded, data: HelpPairingStarted) -> Iterator[Write]:
    """It runs, also after a pause."""
    yield _pairing(data, status="RUNNING", reason=None)


def paused(_event: Recorded, data: HelpPairingPaused) -> Iterator[Write]:
    """Something is missing."""
    yield _pairing(data, status="PAUSED", reason=data.cause)


def visited(_event: Recorded, data: HelpPairingVisited) -> Iterator[Write]:
    """One visit more."""
    yield _pairing(data, last_visit_on=data.visited_on)
    yield add("pairings", fields(data, "pairing_id"), {"visits": 1})


def reviewed(_event: Recorded, data: HelpPairingReviewed) -> Iterator[Write]:
    """How it goes, and when to look again."""
    yield _pairing(data, progress=data.progress, review_by=data.review_by)


def ended(_event: Recorded, data: HelpPairingEnded) -> Iterator[Write]:
    """It is over."""
    yield _pairing(data, status="ENDED", reason=data.reason)


def _pairing(data: object, **values: Any) -> Write:
    return change("pairings", fields(data, "pairing_id"), values)


PROJECTIONS: Final[Projections] = {
    HelpPairingOffered: offered,
    HelpPairingJoined: joined,
    HelpPairingLeft: left,
    ParentalConsentStated: consent_stated,
    HelpPairingStarted: started,
    HelpPairingPaused: paused,
    HelpPairingVisited: visited,
    HelpPairingReviewed: reviewed,
    HelpPairingEnded: ended,
}
