"""Certificates as requests name them."""

from typing import assert_never
from uuid import UUID

from services.registration.access import Scope, require_own
from services.registration.certificates.certificate import CERTIFICATE, Live, Revoked, Unissued
from shared.http.answers import NotFound
from shared.http.endpoints import Call


async def issued(call: Call, certificate_id: UUID) -> tuple[Live, bool]:
    """The certificate as it was issued, and whether it is live. Raises NotFound."""
    state = await call.state(CERTIFICATE, certificate_id)
    match state:
        case Live() as live:
            return live, True
        case Revoked(live):
            return live, False
        case Unissued():
            raise NotFound
        case _:
            assert_never(state)


async def own_certificate(call: Call, certificate_id: UUID) -> Live:
    """The certificate, for its member, unit and community. Raises NotFound and Forbidden."""
    live, _ = await issued(call, certificate_id)
    require_own(call, Scope(unit_id=live.unit_id, community_id=live.community_id, member_id=live.member_id))
    return live
