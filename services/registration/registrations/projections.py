"""Events about registrations → registrations in every state, pseudonymous."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.changes import (
    RegistrationTransferDeclined,
    RegistrationTransferred,
    RegistrationTransferRequested,
    RegistrationUnitChanged,
)
from shared.contracts.registration.registrations import (
    MemberRegistered,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationReceiptAcknowledged,
    RegistrationReceiptIssued,
    RegistrationRenewed,
    RegistrationResumed,
    RegistrationReturned,
    RegistrationSuspended,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields

# Reporting again after a return keeps certificate, unit and community of the first time.
REGISTERED: Final = """
INSERT INTO registrations (district, registration_id, member_id, certificate_id, certificate_no, unit_id, community_id, occupation_group,
    political_status, status, reported_on, receipt_acknowledged)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'PENDING', $10, FALSE)
ON CONFLICT (district, registration_id) DO UPDATE SET status = 'PENDING', reported_on = EXCLUDED.reported_on, reason = NULL,
    occupation_group = EXCLUDED.occupation_group, political_status = EXCLUDED.political_status
"""


def registered(_event: Recorded, data: MemberRegistered) -> Iterator[Write]:
    """It waits for the community."""
    ties = (data.registration_id, data.member_id, data.certificate_id, data.certificate_no, data.unit_id, data.community_id)
    yield REGISTERED, (*ties, data.occupation_group, data.political_status, data.reported_on)


def counts(_event: Recorded, data: RegistrationConfirmed | RegistrationResumed) -> Iterator[Write]:
    """Confirmed, or confirmed again."""
    yield change("registrations", fields(data, "registration_id"), {"status": "CONFIRMED", "reason": None})


def returned(_event: Recorded, data: RegistrationReturned) -> Iterator[Write]:
    """The community did not take the member on."""
    yield change("registrations", fields(data, "registration_id"), {"status": "RETURNED", "reason": data.reason})


def suspended(_event: Recorded, data: RegistrationSuspended) -> Iterator[Write]:
    """It rests."""
    yield change("registrations", fields(data, "registration_id"), {"status": "SUSPENDED", "reason": data.reason})


def closed(_event: Recorded, data: RegistrationClosed) -> Iterator[Write]:
    """It has ended."""
    yield change("registrations", fields(data, "registration_id"), {"status": "CLOSED"} | fields(data, "closed_on", "reason"))


def receipt_issued(event: Recorded, data: RegistrationReceiptIssued) -> Iterator[Write]:
    """The unit has to acknowledge it."""
    yield change("registrations", fields(data, "registration_id"), fields(data, "receipt_no") | {"receipt_issued_at": event.time})


def receipt_acknowledged(_event: Recorded, data: RegistrationReceiptAcknowledged) -> Iterator[Write]:
    """The unit has seen the receipt."""
    yield change("registrations", fields(data, "registration_id"), {"receipt_acknowledged": True})


def renewed(_event: Recorded, data: RegistrationRenewed) -> Iterator[Write]:
    """The member confirmed profile and willingness."""
    yield change("registrations", fields(data, "registration_id"), fields(data, "renewed_on"))


def transfer_requested(_event: Recorded, data: RegistrationTransferRequested) -> Iterator[Write]:
    """Another community has to answer."""
    yield change("registrations", fields(data, "registration_id"), {"transfer_to": data.to_community_id})


def transfer_declined(_event: Recorded, data: RegistrationTransferDeclined) -> Iterator[Write]:
    """It stays where it is."""
    yield change("registrations", fields(data, "registration_id"), {"transfer_to": None})


def transferred(_event: Recorded, data: RegistrationTransferred) -> Iterator[Write]:
    """Another registration took its place."""
    yield change("registrations", fields(data, "registration_id"), {"transfer_to": None, "transferred_to": data.new_registration_id})


def unit_changed(_event: Recorded, data: RegistrationUnitChanged) -> Iterator[Write]:
    """The new work unit took over."""
    yield change("registrations", fields(data, "registration_id"), fields(data, "unit_id"))


PROJECTIONS: Final[Projections] = {
    MemberRegistered: registered,
    RegistrationConfirmed: counts,
    RegistrationResumed: counts,
    RegistrationReturned: returned,
    RegistrationSuspended: suspended,
    RegistrationClosed: closed,
    RegistrationReceiptIssued: receipt_issued,
    RegistrationReceiptAcknowledged: receipt_acknowledged,
    RegistrationRenewed: renewed,
    RegistrationTransferRequested: transfer_requested,
    RegistrationTransferDeclined: transfer_declined,
    RegistrationTransferred: transferred,
    RegistrationUnitChanged: unit_changed,
}
