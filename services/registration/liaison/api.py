"""联系工作制度: the log of contacts between a work unit and a community, written by either side and read by both.

Invariant: about a matter, never about a person; withdrawn with a reason, never edited; nothing of it is ever scored.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from services.registration.access import require_community, require_unit
from services.registration.exports import exported
from services.registration.inputs import Body, Cursor, Limit, Reason
from services.registration.liaison import queries
from services.registration.liaison.contact import (
    LIAISON_CONTACT,
    AcknowledgeLiaisonContact,
    NotRecorded,
    RecordLiaisonContact,
    WithdrawLiaisonContact,
)
from services.registration.organisations.access import established
from services.registration.policy import allow
from shared.calendar.local_time import local_day
from shared.calendar.quarters import days_of_quarter
from shared.contracts.registration.codes import OrganisationKind
from shared.contracts.registration.liaison import LiaisonContactRecorded, LiaisonKind, LiaisonSide, LiaisonSubject
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page

router = APIRouter(tags=["liaison"])


class ContactBody(Body):
    """A contact that took place, today unless stated. `matter`: a few words about the matter, never about persons."""

    kind: LiaisonKind
    subject: LiaisonSubject
    held_on: date | None = None
    matter: Annotated[str, Field(max_length=200)] = ""


class WithCommunityBody(ContactBody):
    """The unit's contact with this community."""

    community_id: UUID


class WithUnitBody(ContactBody):
    """The community's contact with this work unit."""

    unit_id: UUID


class WithdrawalBody(Body):
    """Why."""

    reason: Reason


@router.post("/units/{unit_id}/liaison-contacts", status_code=201)
async def record_by_unit(
    unit_id: UUID, body: WithCommunityBody, call: Annotated[Call, Depends(allow("record_liaison_contact"))]
) -> CommandAnswer:
    """Write down a contact of the unit with a community."""
    require_unit(call, unit_id)
    return await _record(call, LiaisonSide.UNIT, (unit_id, body.community_id), body)


@router.post("/communities/{community_id}/liaison-contacts", status_code=201)
async def record_by_community(
    community_id: UUID, body: WithUnitBody, call: Annotated[Call, Depends(allow("record_liaison_contact"))]
) -> CommandAnswer:
    """Write down a contact of the community with a work unit."""
    require_community(call, community_id)
    return await _record(call, LiaisonSide.COMMUNITY, (body.unit_id, community_id), body)


async def _record(call: Call, side: LiaisonSide, edge: tuple[UUID, UUID], body: ContactBody) -> CommandAnswer:
    unit_id, community_id = edge
    await established(call, unit_id, OrganisationKind.WORK_UNIT)
    await established(call, community_id, OrganisationKind.COMMUNITY)
    contact_id = call.new_id("liaison contact")
    command = RecordLiaisonContact(
        contact_id=contact_id,
        unit_id=unit_id,
        community_id=community_id,
        recorded_by=side,
        recorder=call.principal.subject,
        held_on=body.held_on or local_day(call.now),
        recorded_on=local_day(call.now),
        **body.model_dump(include={"kind", "subject", "matter"}),
    )
    answer = await call.handle(LIAISON_CONTACT, contact_id, command)
    return answer.with_result(contact_id=contact_id)


@router.post("/liaison-contacts/{contact_id}/acknowledgement")
async def acknowledge(contact_id: UUID, call: Annotated[Call, Depends(allow("acknowledge_liaison_contact"))]) -> CommandAnswer:
    """Take note of what the other side recorded."""
    contact = await _contact(call, contact_id)
    if contact.recorded_by is LiaisonSide.UNIT:
        require_community(call, contact.community_id)
    else:
        require_unit(call, contact.unit_id)
    return await call.handle(LIAISON_CONTACT, contact_id, AcknowledgeLiaisonContact(actor=call.principal.subject))


@router.post("/liaison-contacts/{contact_id}/withdrawal")
async def withdraw(
    contact_id: UUID, body: WithdrawalBody, call: Annotated[Call, Depends(allow("withdraw_liaison_contact"))]
) -> CommandAnswer:
    """Take back what the own side recorded; both sides see the reason."""
    contact = await _contact(call, contact_id)
    if contact.recorded_by is LiaisonSide.UNIT:
        require_unit(call, contact.unit_id)
    else:
        require_community(call, contact.community_id)
    return await call.handle(LIAISON_CONTACT, contact_id, WithdrawLiaisonContact(reason=body.reason))


async def _contact(call: Call, contact_id: UUID) -> LiaisonContactRecorded:
    state = await call.state(LIAISON_CONTACT, contact_id)
    if isinstance(state, NotRecorded):
        raise NotFound
    return state.contact


@exported(router, "/units/{unit_id}/liaison-contacts", "unit_liaison_contacts")
async def of_unit(
    unit_id: UUID,
    call: Annotated[Call, Depends(allow("list_liaison_contacts"))],
    community_id: UUID | None = None,
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[queries.LiaisonContact]:
    """Contacts of the unit with its communities, or with one, newest first."""
    require_unit(call, unit_id)
    async with call.read() as tx:
        return await queries.contacts(tx, call.district, (unit_id, community_id), (after, limit))


@exported(router, "/communities/{community_id}/liaison-contacts", "community_liaison_contacts")
async def of_community(
    community_id: UUID,
    call: Annotated[Call, Depends(allow("list_liaison_contacts"))],
    unit_id: UUID | None = None,
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[queries.LiaisonContact]:
    """Contacts of the community with units, or with one, newest first."""
    require_community(call, community_id)
    async with call.read() as tx:
        return await queries.contacts(tx, call.district, (unit_id, community_id), (after, limit))


Year = Annotated[int, Query(ge=2000, le=2100)]
Quarter = Annotated[int, Query(ge=1, le=4)]


@exported(router, "/reports/unvisited", "unvisited", without=["unit_id", "community_id"])
async def unvisited(
    call: Annotated[Call, Depends(allow("report_unvisited"))],
    year: Year,
    quarter: Quarter,
    street_id: UUID | None = None,
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[queries.Unvisited]:
    """每季度至少走访一次: units with members registered in a community and no visit between the two in the quarter, by name."""
    days = days_of_quarter(year, quarter)
    if days[0] > local_day(call.now):
        raise Malformed(quarter="one that has begun")
    async with call.read() as tx:
        return await queries.unvisited(tx, call.district, days, street_id, (after, limit))
