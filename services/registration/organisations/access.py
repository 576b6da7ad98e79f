"""Organisations as requests name them."""

from uuid import UUID

from services.registration.organisations.organisation import ORGANISATION
from services.registration.organisations.state import Established, NotEstablished
from shared.contracts.registration.codes import OrganisationKind
from shared.http.answers import NotFound
from shared.http.endpoints import Call


async def established(call: Call, organisation_id: UUID, kind: OrganisationKind | None = None) -> Established:
    """An organisation that takes part, of this kind if one is given. Raises NotFound."""
    organisation = await call.state(ORGANISATION, organisation_id)
    if not isinstance(organisation, Established) or kind not in {None, organisation.kind}:
        raise NotFound
    return organisation


async def name_of(call: Call, organisation_id: UUID) -> str:
    """What the organisation is or was called; empty when there is none."""
    organisation = await call.state(ORGANISATION, organisation_id)
    return "" if isinstance(organisation, NotEstablished) else organisation.name
