"""Events about contacts between units and communities → the log of contacts that both sides read."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.liaison import LiaisonContactAcknowledged, LiaisonContactRecorded, LiaisonContactWithdrawn
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def recorded(event: Recorded, data: LiaisonContactRecorded) -> Iterator[Write]:
    """A new entry."""
    what = fields(data, "unit_id", "community_id", "recorded_by", "kind", "subject", "held_on", "matter")
    yield save("liaison_contacts", fields(data, "contact_id"), what | {"recorded_at": event.time})


def acknowledged(event: Recorded, data: LiaisonContactAcknowledged) -> Iterator[Write]:
    """The other side has read it."""
    yield change("liaison_contacts", fields(data, "contact_id"), {"acknowledged_at": event.time})


def withdrawn(event: Recorded, data: LiaisonContactWithdrawn) -> Iterator[Write]:
    """It stays in the log, with the reason."""
    yield change("liaison_contacts", fields(data, "contact_id"), {"withdrawn_at": event.time, "reason": data.reason})


PROJECTIONS: Final[Projections] = {
    LiaisonContactRecorded: recorded,
    LiaisonContactAcknowledged: acknowledged,
    LiaisonContactWithdrawn: withdrawn,
}
