"""Service record certificates and objections to them."""

from typing import Final

from services.activities.writes import Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

CERTIFICATE_COLUMNS: Final = (
    *("certificate_no", "verification_code", "member_id", "community_id", "period_start", "period_end", "total_minutes"),
    *("issued_on", "issued_by", "person_in_charge", "office", "publicised_until"),
)


def certificate(event: Recorded) -> Writes:
    """Issued, objected to, revoked."""
    match data := event.data:
        case own.ServiceCertificateIssued():
            facts = {**fields(data, *CERTIFICATE_COLUMNS), "services": [each.model_dump(mode="json") for each in data.services]}
            return (save(event, "certificates", fields(data, "certificate_id"), {**facts, "status": "ISSUED"}),)
        case own.ServiceCertificateRevoked():
            revoked = {"status": "REVOKED", "reason": data.reason}
            return (change(event, "certificates", fields(data, "certificate_id"), revoked),)
        case own.ServiceCertificateSuperseded():
            return (change(event, "certificates", fields(data, "certificate_id"), {"status": "SUPERSEDED"}),)
        case own.ServiceCertificateObjected():
            facts = {**fields(data, "certificate_id", "ground", "reason"), "raised_at": event.time}
            return (save(event, "certificate_objections", fields(data, "objection_id"), facts),)
        case own.ServiceCertificateObjectionDismissed():
            return (change(event, "certificate_objections", fields(data, "objection_id"), {"dismissal": data.reason}),)
        case _:
            return ()
