"""Whose: the checks that a role alone does not answer, and bulk work with one outcome per item.

Invariant: units act for their own members, communities for their own registrants, members for themselves; another district does not exist.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, TypeVar
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from services.registration.days import day_of
from services.registration.members.member import MEMBER, Enrolled
from services.registration.policy import COMMUNITY, UNIT
from services.registration.registrations import queries
from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.terms import Closed, Confirmed, Pending, Returned, Suspended, Ties
from services.registration.vault.keys import KeyRing, Vault
from shared.decider import DomainError
from shared.identity import Forbidden
from shared.web import Call, CommandAnswer, NotFound

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE: Final = 8  # commands of one bulk request under way together: enough for group commit, and others get their turn
MOST_AT_ONCE: Final = 2000  # items of one bulk request
RECORD_ACCESS: Final = """
insert into personal_data_access (district, member_id, at, actor, purpose)
select $1, member_id, $3, $4, $5 from unnest($2::uuid[]) as member_id
on conflict do nothing
"""

Cursor = Annotated[str | None, Query(max_length=400, description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]


class Body(BaseModel):
    """A request body. Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


@dataclass(frozen=True, slots=True)
class Broken:
    """The outcome of one item of a bulk request that broke a rule."""

    code: str


class Refused(BaseModel):
    """One item of a bulk request that broke a rule."""

    id: UUID
    code: str


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


def _require(call: Call, organisation_id: UUID, *, acts: bool) -> None:
    if not acts:
        message = "acts for none of the organisations concerned"
        raise Forbidden(message)
    call.principal.require_organisation(organisation_id)


async def ties_of(call: Call, registration_id: UUID) -> Ties:
    """Who and where of a registration. Raises NotFound."""
    state = await call.state(REGISTRATION, registration_id)
    match state:
        case Suspended():
            return state.confirmed.ties
        case Pending() | Confirmed() | Returned() | Closed():
            return state.ties
        case _:
            raise NotFound


async def enrolled(call: Call, member_id: UUID) -> Enrolled:
    """A member who is on a roster. Raises NotFound for everybody else."""
    state = await call.state(MEMBER, member_id)
    if not isinstance(state, Enrolled):
        raise NotFound
    return state


async def require_manager(call: Call, member: Enrolled) -> None:
    """Raise Forbidden unless the caller acts for the member's unit or for the community the member is registered in."""
    if call.principal.has_any(UNIT) and member.unit_id in call.principal.organisations:
        return
    async with call.read() as tx:
        page = await queries.registrations(tx, call.district, queries.Scope(member_id=member.member_id), None, (None, 50))
    communities = {each.community_id for each in page.items if each.status in {"PENDING", "CONFIRMED", "SUSPENDED"}}
    if not (call.principal.has_any(COMMUNITY) and communities & call.principal.organisations):
        message = "neither the unit nor the community of this member"
        raise Forbidden(message)


def today(call: Call) -> date:
    """The day of the call where the programme runs."""
    return day_of(call.now)


def vault_of(request: Request) -> Vault:
    """The open vault of this process."""
    vault: Vault = request.app.state.vault
    return vault


async def opened(request: Request, call: Call, member_ids: Collection[UUID], purpose: str, *, numbers: bool = False) -> KeyRing:
    """The way to others' plaintext: the reading is recorded first (who, when, whose, what for), then the keys are handed out."""
    await record_access(call, member_ids, purpose)
    return await vault_of(request).key_ring(call.district, member_ids, numbers=numbers)


async def record_access(call: Call, member_ids: Collection[UUID], purpose: str) -> None:
    """Write down who looks at whose personal data and what for; the members can read it."""
    if member_ids:
        async with call.write() as tx:
            await tx.execute(RECORD_ACCESS, call.district, list(member_ids), call.now, call.principal.subject, purpose)


async def each(items: Sequence[T], act: Callable[[T], Awaitable[R]]) -> list[R | Broken]:
    """Act on every item, some at a time; a broken rule is the outcome of its item and stops no other."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(item: T) -> R | Broken:
        async with slots:
            try:
                return await act(item)
            except DomainError as broken:
                return Broken(broken.code())
            except NotFound:
                return Broken("not_found")

    return await asyncio.gather(*(one(item) for item in items))


def last_position(service: str, answers: Collection[CommandAnswer]) -> dict[str, Any]:
    """Position of the last event of several answers, for Guangcai-Read-After."""
    sequences = [int(answer.position["sequence"]) for answer in answers if "sequence" in answer.position]
    return {"service": service} | ({"sequence": max(sequences)} if sequences else {})
