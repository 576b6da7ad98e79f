"""Events about delegations → who may act for whom."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.organisations import DelegationEnded, DelegationGranted
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def granted(_event: Recorded, data: DelegationGranted) -> Iterator[Write]:
    """A new row."""
    who = fields(data, "organisation_id", "delegator", "delegate", "roles")
    yield save("delegations", fields(data, "delegation_id"), who | fields(data, "starts_on", "ends_on", "reason"))


def ended(_event: Recorded, data: DelegationEnded) -> Iterator[Write]:
    """Its last day."""
    yield change("delegations", fields(data, "delegation_id"), fields(data, "ended_on"))


PROJECTIONS: Final[Projections] = {DelegationGranted: granted, DelegationEnded: ended}
