"""Who may ask for what, as far as it depends on the caller, the member or the community; cursors of lists.

What depends on one thing (a post, an activity) is in the access.py of its feature. What is unknown here is answered with 404.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query

from services.activities.policy import DESK, OVERSIGHT, POLICY, UNIT
from services.activities.refusals import NotRegistered
from services.activities.registrants import queries
from services.activities.registrants.queries import Registrant
from services.activities.wording import Reason
from shared.decider import Command
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import MOST_ITEMS, Call, allow_by
from shared.http.paging import decode_cursor
from shared.identity import Forbidden, Principal, Role

allow = allow_by(POLICY)
After = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
DEFAULT_LIMIT: Final = 50
OWN_COMMUNITY: Final = "registered in another community"
NO_MEMBER: Final = "not a member"
OWN_ONLY: Final = "members act for themselves only"


class ReasonBody(Command):
    """Why."""

    reason: Reason


def member_id(principal: Principal) -> UUID:
    """Return the caller's own member id. Raises Forbidden for a principal that is no member."""
    try:
        own = UUID(principal.subject)
    except ValueError as broken:
        raise Forbidden(NO_MEMBER) from broken
    if not principal.is_member(own):
        raise Forbidden(NO_MEMBER)
    return own


def acting_for(principal: Principal) -> tuple[UUID, ...]:
    """Communities whose plans and open matters the caller may see: those of their token, for community roles and team leaders only."""
    return tuple(sorted(principal.organisations)) if principal.has_any(DESK | {Role.TEAM_LEADER}) else ()


def whose(call: Call, other: UUID | None, consent: str | None) -> tuple[UUID, Call]:
    """Return the member a claim or sign-up is for: the caller, or another one by assisted entry, which needs a stated consent."""
    if other is None or call.principal.is_member(other):
        return member_id(call.principal), call
    if not call.principal.has_any(DESK | {Role.TEAM_LEADER}):
        raise Forbidden(OWN_ONLY)
    if not consent:
        raise Malformed(consent="how the member agreed, e.g. by telephone")
    return other, call.acting_for(str(other))


async def require_registered(call: Call, who: Sequence[UUID]) -> dict[UUID, Registrant]:
    """Return the registrants, all active. Raises NotRegistered naming those that are not."""
    async with call.read() as tx:
        known = await queries.registrants(tx, call.district, who)
    missing = [str(each) for each in who if each not in known or not known[each].is_active]
    if missing:
        raise NotRegistered(member_ids=missing)
    return known


async def require_registered_in(call: Call, who: UUID, community_id: UUID) -> None:
    """Members turn to the community they are registered in. Raises Forbidden for another one."""
    known = await require_registered(call, [who])
    if known[who].community_id != community_id:
        raise Forbidden(OWN_COMMUNITY)


async def require_view_of_member(call: Call, who: UUID) -> None:
    """The member, the community and the unit of the member may look. For everybody else there is no such member."""
    if call.principal.is_member(who):
        return
    async with call.read() as tx:
        found = await queries.registrant(tx, call.district, who)
    mine = call.principal.organisations
    by_community = found is not None and found.community_id in mine and call.principal.has_any(DESK)
    by_unit = found is not None and found.unit_id in mine and call.principal.has_any(UNIT)
    if not (by_community or by_unit):
        raise NotFound


def report_scope(principal: Principal, community_id: UUID | None) -> None:
    """Communities see their own figures, oversight all."""
    if principal.has_any(OVERSIGHT):
        return
    if community_id is None:
        raise Malformed(community_id="your community")
    principal.require_organisation(community_id)


def after_id(after: str | None) -> UUID | None:
    """Read a cursor over an id."""
    parts = decode_cursor(after, (UUID,))
    return parts and parts[0]


def after_moment(after: str | None) -> tuple[datetime, UUID] | None:
    """Read a cursor over a start and an id."""
    return decode_cursor(after, (datetime, UUID))


def after_day(after: str | None) -> tuple[date, UUID] | None:
    """Read a cursor over a day and an id."""
    return decode_cursor(after, (date, UUID))


def after_number(after: str | None) -> int | None:
    """Read a cursor over a position."""
    parts = decode_cursor(after, (int,))
    return parts and parts[0]
