"""Registrants as rows: each event of registration changes what it is about and leaves the rest."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.registration.changes import MemberIdentitiesMerged, RegistrationTransferred
from shared.contracts.registration.members import MemberEnrolled, MemberProfileUpdated, PersonalDataErased, WorkUnitChanged
from shared.contracts.registration.registrations import (
    MemberRegistered,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationResumed,
    RegistrationReturned,
    RegistrationSuspended,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new

NOTHING_DECLARED: Final[dict[str, Any]] = {"skills": [], "interests": [], "willingness": {}}
Ended = RegistrationReturned | RegistrationClosed | RegistrationTransferred


def registered(_event: Recorded, data: MemberRegistered) -> Iterator[Write]:
    """A member has reported to a community, which has not confirmed it yet."""
    facts = fields(data, "registration_id", "community_id", "unit_id", "occupation_group")
    yield _known(data)
    yield change("registrants", fields(data, "member_id"), {**facts, "status": "PENDING"})


def active(_event: Recorded, data: RegistrationConfirmed | RegistrationResumed) -> Iterator[Write]:
    """The member may take part."""
    yield _status(data, "ACTIVE")


def suspended(_event: Recorded, data: RegistrationSuspended) -> Iterator[Write]:
    """The member may not take part for now."""
    yield _status(data, "SUSPENDED")


def ended(_event: Recorded, data: Ended) -> Iterator[Write]:
    """This registration is over; after a transfer the new one follows under its own id, with the other community."""
    yield _status(data, "ENDED")


def merged(_event: Recorded, data: MemberIdentitiesMerged) -> Iterator[Write]:
    """Two entries were one person: this one is not used any more."""
    yield change("registrants", fields(data, "member_id"), {"status": "MERGED"})


def moved(_event: Recorded, data: WorkUnitChanged) -> Iterator[Write]:
    """Another work unit."""
    yield change("registrants", fields(data, "member_id"), fields(data, "unit_id", "occupation_group"))


def declared(_event: Recorded, data: MemberProfileUpdated) -> Iterator[Write]:
    """What the member declares now."""
    lists = {"skills": list(data.skills), "interests": list(data.preferences)}
    yield _known(data)
    yield change("registrants", fields(data, "member_id"), {**lists, "willingness": data.willingness.model_dump(mode="json")})


def enrolled(_event: Recorded, data: MemberEnrolled) -> Iterator[Write]:
    """The member has a number."""
    yield _known(data)
    yield change("registrants", fields(data, "member_id"), fields(data, "member_no"))


def erased(_event: Recorded, data: PersonalDataErased) -> Iterator[Write]:
    """Nothing that the member declared is kept."""
    yield change("registrants", fields(data, "member_id"), NOTHING_DECLARED)


def _known(data: object) -> Write:
    """A first insert needs every column; an existing row keeps what was declared."""
    return save_new("registrants", fields(data, "member_id"), {"status": "REPORTED", **NOTHING_DECLARED})


def _status(data: object, status: str) -> Write:
    return change("registrants", fields(data, "member_id", "registration_id"), {"status": status})


PROJECTIONS: Final[Projections] = {
    MemberRegistered: registered,
    RegistrationConfirmed: active,
    RegistrationResumed: active,
    RegistrationSuspended: suspended,
    RegistrationReturned: ended,
    RegistrationClosed: ended,
    RegistrationTransferred: ended,
    MemberIdentitiesMerged: merged,
    WorkUnitChanged: moved,
    MemberProfileUpdated: declared,
    MemberEnrolled: enrolled,
    PersonalDataErased: erased,
}
