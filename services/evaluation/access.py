"""What the routes share: parameters, paging, and whose case a caller may touch."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.evaluation import scorebook
from services.evaluation.cases.case import CASE, CaseState, case_id
from services.evaluation.facts.sources import local_date
from services.evaluation.membership import queries as identity
from services.evaluation.membership.queries import Membership
from services.evaluation.policy import CHECKING, COMMUNITY, POLICY, UNIT
from services.evaluation.scoring.facts import Period
from shared.eventlog.log import StreamVersion
from shared.identity import Forbidden, Role
from shared.web import MOST_ITEMS, Call, Malformed, NotFound, allow_by, decode_cursor

allow = allow_by(POLICY)

After = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
DEFAULT_LIMIT: Final = 50
OVERSEERS: Final = frozenset({Role.DISTRICT_ADMIN, Role.STREET_ADMIN})
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Body(BaseModel):
    """Body of a request; a misspelt field is refused."""

    model_config = ConfigDict(extra="forbid")


def position(after: str | None) -> UUID | None:
    """The id after which a page begins. Raises Malformed."""
    parts = decode_cursor(after, 1)
    if parts is None:
        return None
    try:
        return UUID(parts[0])
    except ValueError:
        raise Malformed(after="a cursor from `next` of the page before") from None


def today(call: Call) -> date:
    """The business day in China."""
    return local_date(call.now)


async def period_of(call: Call, period_id: UUID) -> Period:
    """The period. Raises NotFound."""
    async with call.read() as tx:
        period = await scorebook.load_period(tx, call.district, period_id)
    if period is None:
        raise NotFound
    return period


async def membership_of(call: Call, member_id: UUID) -> Membership:
    """Who manages the member. Raises NotFound for somebody who is not registered here."""
    async with call.read() as tx:
        membership = await identity.membership(tx, call.district, member_id)
    if membership is None:
        raise NotFound
    return membership


async def managed_case(call: Call, action: str, period_id: UUID, member_id: UUID) -> Membership:
    """The case as somebody may work on it who manages the member in a role of `action`. Raises NotFound or Forbidden."""
    await period_of(call, period_id)
    membership = await membership_of(call, member_id)
    require_manager(call, membership, POLICY[action])
    if call.principal.subject in map(str, membership.entries):
        message = "nobody assesses or decides their own case"
        raise Forbidden(message)
    return membership


def require_manager(call: Call, membership: Membership, roles: frozenset[Role]) -> None:
    """Raise Forbidden unless the caller, in one of `roles`, acts for the member's unit or community or oversees the district.

    A role held elsewhere does not help: a unit's secretary who is also a clerk of some community assesses for the unit only.
    """
    principal, acts_for = call.principal, call.principal.organisations
    as_unit = membership.unit_id in acts_for and principal.has_any(UNIT & roles)
    as_community = membership.community_id in acts_for and principal.has_any(COMMUNITY & roles)
    if not (as_unit or as_community or principal.has_any(OVERSEERS & roles)):
        message = "acts neither for the member's unit nor for its community"
        raise Forbidden(message)


async def entries_of(call: Call, member_id: UUID) -> list[UUID]:
    """All ids of the member, the one that remains first: whoever asks by one that was given up is led there."""
    async with call.read() as tx:
        return await identity.entries(tx, call.district, member_id)


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


async def case_with(call: Call, period_id: UUID, entries: Sequence[UUID], opened: UUID) -> UUID:
    """Stream of the case in which a hearing, an appeal or an export of the member was opened."""
    async with call.read() as tx:
        return case_id(await identity.opened_under(tx, call.district, opened, entries), period_id)


async def cases_of(call: Call, period_id: UUID, entries: Sequence[UUID]) -> dict[StreamVersion, CaseState]:
    """The cases of these entries as they are now, with their versions: that of an entry that was given up goes on beside the one that
    remains.
    """
    cases: dict[StreamVersion, CaseState] = {}
    for each in entries:
        stream = case_id(each, period_id)
        folded = await call.folded(CASE, stream)
        cases[StreamVersion(f"{CASE.category}/{stream}", folded.version)] = folded.state
    return cases


def require_scope(call: Call, unit_id: UUID | None, community_id: UUID | None) -> None:
    """Raise Forbidden unless the caller oversees the district or acts for the one unit or community asked about."""
    if call.principal.has_any({Role.DISTRICT_ADMIN, Role.STREET_ADMIN, Role.AUDITOR}):
        return
    as_unit = unit_id is not None and call.principal.has_any(UNIT) and unit_id in call.principal.organisations
    as_community = community_id is not None and call.principal.has_any(COMMUNITY) and community_id in call.principal.organisations
    if not (as_unit or as_community):
        message = "name the unit or community you act for"
        raise Forbidden(message)
