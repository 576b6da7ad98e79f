"""Whose: the checks that a role alone does not answer.

Invariant: units act for their own members, communities for their own registrants, members for themselves; another district does not exist.
"""

from uuid import UUID

from pydantic import BaseModel

from services.registration.policy import COMMUNITY, DISTRICT, UNIT
from shared.http.endpoints import Call
from shared.identity import Forbidden


class Scope(BaseModel):
    """Whose papers a list shows."""

    unit_id: UUID | None = None
    community_id: UUID | None = None
    member_id: UUID | None = None


def require_unit(call: Call, unit_id: UUID) -> None:
    """Raise Forbidden unless the caller acts for this work unit."""
    _require(call, unit_id, acts=call.principal.has_any(UNIT))


def require_community(call: Call, community_id: UUID) -> None:
    """Raise Forbidden unless the caller acts for this community."""
    _require(call, community_id, acts=call.principal.has_any(COMMUNITY))


def require_self(call: Call, member_id: UUID) -> None:
    """Raise Forbidden unless the caller is this member."""
    if not call.principal.is_member(member_id):
        message = "only the member in person"
        raise Forbidden(message)


def require_self_or_district(call: Call, member_id: UUID) -> None:
    """Raise Forbidden unless the caller is this member or the district."""
    if not call.principal.has_any(DISTRICT):
        require_self(call, member_id)


def require_own(call: Call, scope: Scope) -> None:
    """Raise Forbidden unless the member, the unit or the community of `scope` is the caller's."""
    own_member = scope.member_id is not None and call.principal.is_member(scope.member_id)
    # One of them is enough: a unit may narrow its list to one member or one community.
    if not (own_member or is_unit_of(call, scope.unit_id) or is_community_of(call, scope.community_id)):
        message = "name your unit, your community or yourself"
        raise Forbidden(message)


def is_unit_of(call: Call, unit_id: UUID | None) -> bool:
    """Whether the caller acts for this work unit."""
    return call.principal.has_any(UNIT) and unit_id in call.principal.organisations


def is_community_of(call: Call, community_id: UUID | None) -> bool:
    """Whether the caller acts for this community."""
    return call.principal.has_any(COMMUNITY) and community_id in call.principal.organisations


def _require(call: Call, organisation_id: UUID, *, acts: bool) -> None:
    if not acts:
        message = "acts for none of the organisations concerned"
        raise Forbidden(message)
    call.principal.require_organisation(organisation_id)
