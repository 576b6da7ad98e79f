"""Who is registered where, from events of registration alone."""

from services.activities.projections.writes import Write, Writes, change, fields, keep, save
from shared.contracts import registration
from shared.contracts import registration_changes as changes
from shared.eventlog.envelope import Recorded


def registrant(event: Recorded) -> Writes:
    """A member as far as this service has to know them."""
    match data := event.data:
        case registration.MemberRegistered():
            facts = fields(data, "registration_id", "community_id", "unit_id", "occupation_group")
            known = save(event, "registrants", fields(data, "member_id"), {"status": "REPORTED", "skills": []})
            # A first insert needs every column; an existing row keeps its skills.
            return (keep(known), change(event, "registrants", fields(data, "member_id"), {**facts, "status": "PENDING"}))
        case registration.RegistrationConfirmed() | registration.RegistrationResumed():
            return (_registrant_status(event, data, "ACTIVE"),)
        case registration.RegistrationSuspended():
            return (_registrant_status(event, data, "SUSPENDED"),)
        case registration.RegistrationReturned() | registration.RegistrationClosed():
            return (_registrant_status(event, data, "ENDED"),)
        case changes.RegistrationTransferred():
            # The new registration follows under its own id, with the other community.
            return (_registrant_status(event, data, "ENDED"),)
        case changes.MemberIdentitiesMerged():
            return (change(event, "registrants", fields(data, "member_id"), {"status": "MERGED"}),)
        case registration.WorkUnitChanged():
            return (change(event, "registrants", fields(data, "member_id"), fields(data, "unit_id", "occupation_group")),)
        case registration.MemberProfileUpdated():
            known = save(event, "registrants", fields(data, "member_id"), {"status": "REPORTED", "skills": []})
            return (keep(known), change(event, "registrants", fields(data, "member_id"), {"skills": list(data.skills)}))
        case registration.MemberEnrolled():
            known = save(event, "registrants", fields(data, "member_id"), {"status": "REPORTED", "skills": []})
            return (keep(known), change(event, "registrants", fields(data, "member_id"), fields(data, "member_no")))
        case registration.PersonalDataErased():
            return (change(event, "registrants", fields(data, "member_id"), {"skills": []}),)
        case _:
            return ()


def _registrant_status(event: Recorded, data: object, status: str) -> Write:
    return change(event, "registrants", fields(data, "member_id", "registration_id"), {"status": status})
