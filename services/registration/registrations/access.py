"""Registrations as requests name them, and who manages a member."""

from uuid import UUID

from services.registration.access import Scope, is_community_of, is_unit_of
from services.registration.members.state import Enrolled
from services.registration.policy import COMMUNITY
from services.registration.registrations import queries
from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.state import NotRegistered, Suspended, Ties
from shared.http.answers import NotFound
from shared.http.endpoints import Call
from shared.identity import Forbidden


async def ties_of(call: Call, registration_id: UUID) -> Ties:
    """Member, unit and community of a registration. Raises NotFound."""
    match await call.state(REGISTRATION, registration_id):
        case NotRegistered():
            raise NotFound
        case Suspended(confirmed):
            return confirmed.ties
        case state:
            return state.ties


def require_either_manager(call: Call, ties: Ties) -> None:
    """Raise Forbidden unless the caller acts for the registration's unit or community."""
    if not (is_unit_of(call, ties.unit_id) or is_community_of(call, ties.community_id)):
        message = "neither the unit nor the community of this registration"
        raise Forbidden(message)


async def require_manager(call: Call, member: Enrolled) -> None:
    """Raise Forbidden unless the caller acts for the member's unit or for the community the member is registered in."""
    if is_unit_of(call, member.unit_id):
        return
    async with call.read() as tx:
        page = await queries.registrations(tx, call.district, Scope(member_id=member.member_id), None, (None, 50))
    communities = {each.community_id for each in page.items if each.status in {"PENDING", "CONFIRMED", "SUSPENDED"}}
    if not (call.principal.has_any(COMMUNITY) and communities & call.principal.organisations):
        message = "neither the unit nor the community of this member"
        raise Forbidden(message)
