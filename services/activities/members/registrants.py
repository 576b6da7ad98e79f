"""Who is registered where and what they declare of themselves, from events of registration alone."""

from typing import Any, Final

from services.activities.writes import Write, Writes, change, fields, keep, save
from shared.contracts import registration
from shared.contracts import registration_changes as changes
from shared.eventlog.envelope import Recorded

NOTHING_DECLARED: Final[dict[str, Any]] = {"skills": [], "interests": [], "willingness": {}}


def registrant(event: Recorded) -> Writes:
    """A member as far as this service has to know them."""
    match data := event.data:
        case registration.MemberRegistered():
            facts = fields(data, "registration_id", "community_id", "unit_id", "occupation_group")
            return (_known(event, data), change(event, "registrants", fields(data, "member_id"), {**facts, "status": "PENDING"}))
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
            lists = {"skills": list(data.skills), "interests": list(data.preferences)}
            declared = {**lists, "willingness": data.willingness.model_dump(mode="json")}
            return (_known(event, data), change(event, "registrants", fields(data, "member_id"), declared))
        case registration.MemberEnrolled():
            return (_known(event, data), change(event, "registrants", fields(data, "member_id"), fields(data, "member_no")))
        case registration.PersonalDataErased():
            return (change(event, "registrants", fields(data, "member_id"), NOTHING_DECLARED),)
        case _:
            return ()


def _known(event: Recorded, data: object) -> Write:
    """A first insert needs every column; an existing row keeps what was declared."""
    return keep(save(event, "registrants", fields(data, "member_id"), {"status": "REPORTED", **NOTHING_DECLARED}))


def _registrant_status(event: Recorded, data: object, status: str) -> Write:
    return change(event, "registrants", fields(data, "member_id", "registration_id"), {"status": status})
