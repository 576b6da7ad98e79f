"""Events about crossings → each district's own side of them."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.crossings import (
    AwayCertificateIssued,
    AwayReceiptAcknowledged,
    AwayRegistrationConfirmed,
    AwayRegistrationEnded,
    GuestReceived,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def issued(event: Recorded, data: AwayCertificateIssued) -> Iterator[Write]:
    """Home: a member is on the way."""
    paper = fields(data, "member_id", "unit_id", "certificate_no", "host_district", "host_community")
    state = {"status": "ISSUED", "receipt_acknowledged": False, "issued_at": event.time}
    yield save("away_registrations", fields(data, "crossing_id"), paper | state)


def confirmed(_event: Recorded, data: AwayRegistrationConfirmed) -> Iterator[Write]:
    """Home: the host's receipt, or another one after a transfer there."""
    receipt = fields(data, "host_community", "receipt_no", "confirmed_on")
    yield change("away_registrations", fields(data, "crossing_id"), {"status": "CONFIRMED", "receipt_acknowledged": False} | receipt)


def acknowledged(_event: Recorded, data: AwayReceiptAcknowledged) -> Iterator[Write]:
    """Home: the unit has seen the receipt."""
    yield change("away_registrations", fields(data, "crossing_id"), {"receipt_acknowledged": True})


def ended(_event: Recorded, data: AwayRegistrationEnded) -> Iterator[Write]:
    """Home: over."""
    yield change("away_registrations", fields(data, "crossing_id"), {"status": "ENDED"} | fields(data, "ended_on", "reason"))


def received(_event: Recorded, data: GuestReceived) -> Iterator[Write]:
    """Host: who came from which district."""
    yield save("guests", fields(data, "crossing_id"), fields(data, "member_id", "home_district"))


PROJECTIONS: Final[Projections] = {
    AwayCertificateIssued: issued,
    AwayRegistrationConfirmed: confirmed,
    AwayReceiptAcknowledged: acknowledged,
    AwayRegistrationEnded: ended,
    GuestReceived: received,
}
