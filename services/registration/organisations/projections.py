"""Events about organisations → the directory of organisations."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.organisations import (
    OrganisationContactChanged,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationRenamed,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save

RENAMED: Final = """
UPDATE organisations SET name = $4, former_names = array_append(array_remove(former_names, $4), $3)
WHERE district = $1 AND organisation_id = $2
"""


def established(_event: Recorded, data: OrganisationEstablished) -> Iterator[Write]:
    """A new row."""
    place = fields(data, "parent_id", "community_type", "occupation_group", "uscc", "contact_email", "place")
    yield save("organisations", fields(data, "organisation_id"), fields(data, "kind", "name") | place)


def contact_changed(_event: Recorded, data: OrganisationContactChanged) -> Iterator[Write]:
    """Another mailbox, or none."""
    yield change("organisations", fields(data, "organisation_id"), fields(data, "contact_email"))


def renamed(_event: Recorded, data: OrganisationRenamed) -> Iterator[Write]:
    """The former name is kept; a name that comes back is no former one any more."""
    yield RENAMED, (data.organisation_id, data.former_name, data.name)


def dissolved(_event: Recorded, data: OrganisationDissolved) -> Iterator[Write]:
    """It stays in the directory, without a mailbox."""
    yield change("organisations", fields(data, "organisation_id"), fields(data, "dissolved_on") | {"contact_email": None})


PROJECTIONS: Final[Projections] = {
    OrganisationEstablished: established,
    OrganisationContactChanged: contact_changed,
    OrganisationRenamed: renamed,
    OrganisationDissolved: dissolved,
}
