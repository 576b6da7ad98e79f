"""Events of registration → registrations, merged entries, political statuses, streets."""

from collections.abc import Iterator
from typing import Final

from shared.calendar.local_time import local_day
from shared.contracts.registration.changes import MemberIdentitiesMerged, PoliticalStatusChanged
from shared.contracts.registration.codes import OrganisationKind, PoliticalStatus
from shared.contracts.registration.members import WorkUnitChanged
from shared.contracts.registration.organisations import OrganisationEstablished
from shared.contracts.registration.registrations import (
    MemberRegistered,
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationResumed,
    RegistrationSuspended,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import save

REGISTERED: Final = """
INSERT INTO registrations
       (district, registration_id, member_id, unit_id, community_id, is_probationary, home_district, reported_on, reported_by, paused)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '{}') ON CONFLICT DO NOTHING
"""
CONFIRMED: Final = "UPDATE registrations SET confirmed_by = $3 WHERE district = $1 AND registration_id = $2"
PAUSED: Final = "UPDATE registrations SET paused = paused || $3::date WHERE district = $1 AND registration_id = $2"
CLOSED: Final = "UPDATE registrations SET closed_on = $3 WHERE district = $1 AND registration_id = $2"
MOVED: Final = "UPDATE registrations SET unit_id = $3 WHERE district = $1 AND member_id = $2 AND closed_on IS NULL"
# An entry that was merged into the one now merged belongs to the one that remains; no entry is merged into itself.
MERGED: Final = """
WITH remains AS (SELECT coalesce((SELECT into_member_id FROM merged WHERE district = $1 AND member_id = $3), $3) AS id),
     given_up AS (INSERT INTO merged (district, member_id, into_member_id, given_up_in) SELECT $1, $2, id, $4 FROM remains WHERE id <> $2
                  ON CONFLICT DO NOTHING RETURNING into_member_id)
UPDATE merged SET into_member_id = given_up.into_member_id FROM given_up WHERE district = $1 AND merged.into_member_id = $2
"""


def registered(event: Recorded, data: MemberRegistered) -> Iterator[Write]:
    """Reported; not a registrant before the community confirms it."""
    is_probationary = data.political_status is PoliticalStatus.PROBATIONARY
    ids = (data.registration_id, data.member_id, data.unit_id, data.community_id)
    yield REGISTERED, (*ids, is_probationary, data.home_district, data.reported_on, event.id)


def confirmed(event: Recorded, data: RegistrationConfirmed) -> Iterator[Write]:
    """From the day of the report on."""
    yield CONFIRMED, (data.registration_id, event.id)


def suspended(_event: Recorded, data: RegistrationSuspended) -> Iterator[Write]:
    """Days from this one on are not eligible."""
    yield PAUSED, (data.registration_id, data.suspended_on)


def resumed(_event: Recorded, data: RegistrationResumed) -> Iterator[Write]:
    """Days from this one on are eligible again."""
    yield PAUSED, (data.registration_id, data.resumed_on)


def closed(_event: Recorded, data: RegistrationClosed) -> Iterator[Write]:
    """The registration has ended."""
    yield CLOSED, (data.registration_id, data.closed_on)


def moved(_event: Recorded, data: WorkUnitChanged) -> Iterator[Write]:
    """Another unit manages the member from now on."""
    yield MOVED, (data.member_id, data.unit_id)


def merged(event: Recorded, data: MemberIdentitiesMerged) -> Iterator[Write]:
    """Two entries are one person."""
    yield MERGED, (data.member_id, data.into_member_id, event.sequence)


def political_status(event: Recorded, data: PoliticalStatusChanged) -> Iterator[Write]:
    """The last change of a day counts."""
    is_probationary = data.political_status is PoliticalStatus.PROBATIONARY
    yield save(
        "political_statuses", {"member_id": data.member_id, "changed_on": local_day(event.time)}, {"is_probationary": is_probationary}
    )


def established(_event: Recorded, data: OrganisationEstablished) -> Iterator[Write]:
    """A community lies in a street."""
    if data.kind is OrganisationKind.COMMUNITY and data.parent_id is not None:
        yield save("streets", {"community_id": data.organisation_id}, {"street_id": data.parent_id})


PROJECTIONS: Final[Projections] = {
    MemberRegistered: registered,
    RegistrationConfirmed: confirmed,
    RegistrationSuspended: suspended,
    RegistrationResumed: resumed,
    RegistrationClosed: closed,
    WorkUnitChanged: moved,
    MemberIdentitiesMerged: merged,
    PoliticalStatusChanged: political_status,
    OrganisationEstablished: established,
}
