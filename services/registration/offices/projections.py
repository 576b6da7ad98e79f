"""Events about offices → who is what in an organisation."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.organisations import OfficeAssigned, OfficeEnded
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def assigned(_event: Recorded, data: OfficeAssigned) -> Iterator[Write]:
    """A new row."""
    holder = fields(data, "organisation_id", "role", "holder", "name_sealed")
    yield save("offices", fields(data, "office_id"), holder | fields(data, "starts_on", "ends_on", "is_part_time"))


def ended(_event: Recorded, data: OfficeEnded) -> Iterator[Write]:
    """Its last day."""
    yield change("offices", fields(data, "office_id"), fields(data, "ended_on"))


PROJECTIONS: Final[Projections] = {OfficeAssigned: assigned, OfficeEnded: ended}
