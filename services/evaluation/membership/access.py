"""As whom a caller deals with a member: in person, as somebody who manages the member, or as somebody whose office is to check."""

from collections.abc import Sequence
from uuid import UUID

from services.evaluation.membership import queries
from services.evaluation.membership.queries import Membership
from services.evaluation.policy import CHECKING, COMMUNITY, UNIT
from shared.http.answers import NotFound
from shared.http.endpoints import Call
from shared.identity import Forbidden, Role


async def membership_of(call: Call, member_id: UUID, community_id: UUID | None = None) -> Membership:
    """Who manages the member, or did in this community. Raises NotFound for somebody who is not registered here."""
    async with call.read() as tx:
        membership = await queries.membership(tx, call.district, member_id, community_id)
    if membership is None:
        raise NotFound
    return membership


def require_manager(call: Call, membership: Membership, roles: frozenset[Role]) -> None:
    """Raise Forbidden unless the caller, in one of `roles`, acts for the member's unit or community, its street, or the district.

    A role held elsewhere does not help: a unit's secretary who is also a clerk of some community assesses for the unit only.
    """
    principal, acts_for = call.principal, call.principal.organisations
    as_unit = membership.unit_id in acts_for and principal.has_any(UNIT & roles)
    as_community = membership.community_id in acts_for and principal.has_any(COMMUNITY & roles)
    as_street = membership.street_id in acts_for and principal.has_any({Role.STREET_ADMIN} & roles)
    if not (as_unit or as_community or as_street or principal.has_any({Role.DISTRICT_ADMIN} & roles)):
        message = "acts neither for the member's unit nor for its community or street"
        raise Forbidden(message)


async def entries_of(call: Call, member_id: UUID) -> list[UUID]:
    """All ids of the member, the one that remains first, whichever of them is asked about."""
    async with call.read() as tx:
        return await queries.entries(tx, call.district, member_id)


async def require_self(call: Call, member_id: UUID) -> list[UUID]:
    """All ids of the member. Raise Forbidden for anybody but the member in person."""
    entries = await entries_of(call, member_id)
    if not is_one_of(call, entries):
        message = "only the member in person"
        raise Forbidden(message)
    return entries


async def require_reader(call: Call, member_id: UUID) -> list[UUID]:
    """All ids of the member. Raise Forbidden unless it is the member, the two who manage it, or somebody whose office is to check."""
    entries = await entries_of(call, member_id)
    if not is_one_of(call, entries) and not call.principal.has_any(CHECKING):
        require_manager(call, await membership_of(call, member_id), UNIT | COMMUNITY)
    return entries


def is_one_of(call: Call, entries: Sequence[UUID]) -> bool:
    """Whether the caller is the member with these ids."""
    return any(call.principal.is_member(each) for each in entries)
