"""Service record certificates."""

from typing import Final

from services.activities.projections.writes import Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

CERTIFICATE_COLUMNS: Final = (
    *("certificate_no", "verification_code", "member_id", "community_id", "period_start", "period_end", "total_minutes"),
    *("issued_on", "issued_by", "person_in_charge", "office"),
)


def certificate(event: Recorded) -> Writes:
    """Issued and revoked."""
    match data := event.data:
        case own.ServiceCertificateIssued():
            facts = {**fields(data, *CERTIFICATE_COLUMNS), "services": [each.model_dump(mode="json") for each in data.services]}
            return (save(event, "certificates", fields(data, "certificate_id"), {**facts, "status": "ISSUED"}),)
        case own.ServiceCertificateRevoked():
            revoked = {"status": "REVOKED", "reason": data.reason}
            return (change(event, "certificates", fields(data, "certificate_id"), revoked),)
        case own.ServiceCertificateSuperseded():
            return (change(event, "certificates", fields(data, "certificate_id"), {"status": "SUPERSEDED"}),)
        case _:
            return ()
