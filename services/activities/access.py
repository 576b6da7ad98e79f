"""Whose matter it is: the part of permission that depends on the thing, not on the action. Unknown here means 404, whoever asks."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query

from services.activities import errors
from services.activities.gatherings.activity import ACTIVITY
from services.activities.gatherings.state import Activity, Plan
from services.activities.members import queries as members
from services.activities.members.queries import Registrant
from services.activities.modules.module import MODULE, On, module_id
from services.activities.needs.need import NEED, Public
from services.activities.neighbourhoods.area import AREA, Drawn
from services.activities.policy import DESK, OVERSIGHT, POLICY, UNIT
from services.activities.posts.post import POST
from services.activities.posts.state import Post, PostTerms
from shared.contracts.activities import DistrictModule
from shared.identity import Forbidden, Principal, Role
from shared.web import MOST_ITEMS, Call, Malformed, NotFound, allow_by, decode_cursor

allow = allow_by(POLICY)
After = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
DEFAULT_LIMIT: Final = 50
OWN_COMMUNITY: Final = "registered in another community"
NO_MEMBER: Final = "not a member"
OWN_ONLY: Final = "members act for themselves only"
CURSOR: Final = "a cursor from `next` of the page before"


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
        known = await members.registrants(tx, who)
    missing = [str(each) for each in who if each not in known or not known[each].is_active]
    if missing:
        raise errors.NotRegistered(member_ids=missing)
    return known


async def require_registered_in(call: Call, who: UUID, community_id: UUID) -> None:
    """Members turn to the community they are registered in. Raises Forbidden for another one."""
    known = await require_registered(call, [who])
    if known[who].community_id != community_id:
        raise Forbidden(OWN_COMMUNITY)


async def require_linked(
    call: Call, community_id: UUID, *, post_id: UUID | None = None, need_id: UUID | None = None, area_id: UUID | None = None
) -> None:
    """A post, need or area that something refers to belongs to the same community. Raises Malformed naming the field."""
    if area_id is not None:
        area = await call.state(AREA, area_id)
        if not isinstance(area, Drawn) or area.drawn.community_id != community_id:
            raise Malformed(area_id="an area of this community")
    if post_id is not None:
        terms = (await call.state(POST, post_id)).terms
        if terms is None or terms.community_id != community_id:
            raise Malformed(post_id="a post of this community")
    if need_id is not None:
        need = await call.state(NEED, need_id)
        if not isinstance(need, Public) or need.recorded.community_id != community_id:
            raise Malformed(need_id="a published need of this community")


async def is_module_on(call: Call, module: DistrictModule) -> bool:
    """Whether the district has switched this on."""
    return isinstance(await call.state(MODULE, module_id(module)), On)


async def known_post(call: Call, post_id: UUID) -> tuple[Post, PostTerms]:
    """Return a post of this district. Raises NotFound."""
    state = await call.state(POST, post_id)
    if state.terms is None:
        raise NotFound
    return state, state.terms


async def own_post(call: Call, post_id: UUID) -> Post:
    """Return a post of a community the caller acts for."""
    state, terms = await known_post(call, post_id)
    call.principal.require_organisation(terms.community_id)
    return state


async def known_activity(call: Call, activity_id: UUID) -> tuple[Activity, Plan]:
    """Return an activity of this district. Raises NotFound."""
    state = await call.state(ACTIVITY, activity_id)
    if state.plan is None:
        raise NotFound
    return state, state.plan


async def own_activity(call: Call, activity_id: UUID) -> Activity:
    """Return an activity of a community the caller acts for."""
    state, plan = await known_activity(call, activity_id)
    call.principal.require_organisation(plan.community_id)
    return state


async def require_view_of_member(call: Call, who: UUID) -> None:
    """The member, the community and the unit of the member may look. For everybody else there is no such member."""
    if call.principal.is_member(who):
        return
    async with call.read() as tx:
        found = await members.registrant(tx, who)
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
    parts = decode_cursor(after, 1)
    return None if parts is None else _uuid(parts[0])


def after_moment(after: str | None) -> tuple[datetime, UUID] | None:
    """Read a cursor over a start and an id."""
    parts = decode_cursor(after, 2)
    if parts is None:
        return None
    try:
        moment = datetime.fromisoformat(parts[0])
    except ValueError as broken:
        raise Malformed(after=CURSOR) from broken
    if moment.tzinfo is None:
        raise Malformed(after=CURSOR)
    return moment, _uuid(parts[1])


def after_day(after: str | None) -> tuple[date, UUID] | None:
    """Read a cursor over a day and an id."""
    parts = decode_cursor(after, 2)
    if parts is None:
        return None
    try:
        return date.fromisoformat(parts[0]), _uuid(parts[1])
    except ValueError as broken:
        raise Malformed(after=CURSOR) from broken


def after_number(after: str | None) -> int | None:
    """Read a cursor over a position."""
    parts = decode_cursor(after, 1)
    if parts is None:
        return None
    if not parts[0].isdecimal() or len(parts[0]) > 15:  # noqa: PLR2004 - a log never has 10^15 events
        raise Malformed(after=CURSOR)
    return int(parts[0])


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as broken:
        raise Malformed(after=CURSOR) from broken
