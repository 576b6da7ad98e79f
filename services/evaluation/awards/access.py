"""Who runs an award round and who is on it: what its routes and those of its public notice share."""

from collections.abc import Iterable
from uuid import UUID

from services.evaluation.awards import queries
from services.evaluation.awards.award_round import AWARD_ROUND
from services.evaluation.awards.queries import Place, Viewer
from services.evaluation.awards.state import LIVING, Opened, Unopened, standing
from services.evaluation.membership import queries as membership
from services.evaluation.membership.access import entries_of
from services.evaluation.policy import COMMUNITY, POLICY, UNIT
from shared.http.answers import NotFound
from shared.http.endpoints import Call
from shared.http.paging import decode_cursor
from shared.identity import Forbidden, Role


async def viewer(call: Call, action: str) -> Viewer:
    """As whom the caller sees nominations and objections: by the roles that the action is for, and no other role of the caller's."""
    principal, acts_for, roles = call.principal, call.principal.organisations, POLICY[action]
    return Viewer(
        subject=principal.subject,
        entries=await entries_of(call, UUID(principal.subject)) if Role.MEMBER in principal.roles else (),
        units=acts_for if principal.has_any(UNIT & roles) else frozenset(),
        communities=acts_for if principal.has_any(COMMUNITY & roles) else frozenset(),
        is_district=Role.DISTRICT_ADMIN in principal.roles,
        is_reviewer=Role.APPEAL_REVIEWER in principal.roles,
    )


def place(after: str | None) -> Place | None:
    """Round and member after which a page begins. Raises Malformed."""
    return decode_cursor(after, (UUID, UUID))


async def round_of(call: Call, round_id: UUID) -> Opened:
    """The round as it is now. Raises NotFound."""
    state = await call.state(AWARD_ROUND, round_id)
    if isinstance(state, Unopened):
        raise NotFound
    return state


async def own_round(call: Call, round_id: UUID) -> Opened:
    """The round, for those who run it. Raises NotFound or Forbidden."""
    state = await round_of(call, round_id)
    require_organiser(call, state.opened.community_id)
    if call.principal.subject in await subjects(call, state):
        message = "who is nominated in a round does not run it"
        raise Forbidden(message)
    return state


async def subjects(call: Call, state: Opened) -> frozenset[str]:
    """The accounts of those who are nominated and have not declined, under all entries of theirs."""
    async with call.read() as tx:
        found = await membership.persons(tx, call.district, [each.nominated.member_id for each in standing(state, *LIVING)])
    return frozenset(map(str, found))


def require_organiser(call: Call, community_id: UUID | None) -> None:
    """Raise Forbidden unless it is the district's round and its administrator, or a community's and its secretary."""
    principal = call.principal
    is_own = Role.COMMUNITY_SECRETARY in principal.roles and community_id in principal.organisations
    if not (Role.DISTRICT_ADMIN in principal.roles if community_id is None else is_own):
        message = "a community's round is run by its secretary, the district's by the district"
        raise Forbidden(message)


async def registered(call: Call, members: Iterable[UUID]) -> frozenset[UUID]:
    """Those of `members` who are registered now."""
    async with call.read() as tx:
        return await queries.registered(tx, call.district, list(members))
