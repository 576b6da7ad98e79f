"""Organisations of the district: who takes part, and what belongs to whom."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, Field

from services.registration import credit_code
from services.registration.exports import exported
from services.registration.inputs import Body, Cursor, Limit, Reason
from services.registration.organisations import queries
from services.registration.organisations.organisation import (
    ORGANISATION,
    ChangeOrganisationContact,
    DissolveOrganisation,
    EstablishOrganisation,
    RenameOrganisation,
)
from services.registration.organisations.state import Established, NotEstablished
from services.registration.personal_fields import Email
from services.registration.policy import allow
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.http.paging import Page

router = APIRouter(tags=["organisations"])


def _credit_code(value: str) -> str:
    try:
        return credit_code.parse(value)
    except credit_code.CreditCodeInvalid:
        message = "not a unified social credit code (GB 32100-2015)"
        raise ValueError(message) from None


def _community_type(value: str) -> str:
    """One of the seven types (文体型, …), in words."""
    for each in COMMUNITY_TYPES:
        if value in {each, each.removesuffix("型")}:
            return each
    message = f"one of {', '.join(COMMUNITY_TYPES)}"
    raise ValueError(message)


COMMUNITY_TYPES = ("文体型", "再就业型", "学习型", "共建型", "平安型", "环保型", "科普型")
Name = Annotated[str, Field(min_length=2, max_length=80)]


class EstablishBody(Body):
    """A street, community or work unit, or what belongs to one: branch, committee, workstation, service point, mass organisation, …"""

    kind: OrganisationKind
    name: Name
    parent_id: UUID | None = None
    community_type: Annotated[str, AfterValidator(_community_type)] | None = None
    occupation_group: OccupationGroup | None = None
    uscc: Annotated[str, AfterValidator(_credit_code)] | None = None
    contact_email: Email | None = None
    place: Annotated[str, Field(min_length=2, max_length=80)] | None = None


class NameBody(Body):
    """What it is called from today on."""

    name: Name


class DissolutionBody(Body):
    """Why, e.g. by which decision."""

    reason: Reason


class EmailBody(Body):
    """The office mailbox, null for none."""

    contact_email: Email | None


@router.post("/organisations", status_code=201)
async def establish_organisation(body: EstablishBody, call: Annotated[Call, Depends(allow("establish_organisation"))]) -> CommandAnswer:
    """Let an organisation take part."""
    parent = NotEstablished() if body.parent_id is None else await call.state(ORGANISATION, body.parent_id)
    organisation_id = call.new_id("organisation")
    command = EstablishOrganisation(
        organisation_id=organisation_id, parent_kind=parent.kind if isinstance(parent, Established) else None, **body.model_dump()
    )
    answer = await call.handle(ORGANISATION, organisation_id, command)
    return answer.with_result(organisation_id=organisation_id)


@router.post("/organisations/{organisation_id}/contact")
async def change_organisation_contact(
    organisation_id: UUID, body: EmailBody, call: Annotated[Call, Depends(allow("change_organisation_contact"))]
) -> CommandAnswer:
    """Set or remove the office mailbox that letters go to."""
    await _require_known(call, organisation_id)
    return await call.handle(ORGANISATION, organisation_id, ChangeOrganisationContact(contact_email=body.contact_email))


@router.post("/organisations/{organisation_id}/name")
async def rename_organisation(
    organisation_id: UUID, body: NameBody, call: Annotated[Call, Depends(allow("rename_organisation"))]
) -> CommandAnswer:
    """Call an organisation something else. Rosters and searches still find it by the name it had."""
    await _require_known(call, organisation_id)
    return await call.handle(ORGANISATION, organisation_id, RenameOrganisation(name=body.name, renamed_on=local_day(call.now)))


@router.post("/organisations/{organisation_id}/dissolution")
async def dissolve_organisation(
    organisation_id: UUID, body: DissolutionBody, call: Annotated[Call, Depends(allow("dissolve_organisation"))]
) -> CommandAnswer:
    """Dissolve an organisation on which nothing active depends; otherwise the answer names what does."""
    await _require_known(call, organisation_id)
    async with call.read() as tx:
        active = await queries.active(tx, call.district, organisation_id, local_day(call.now))
    command = DissolveOrganisation(dissolved_on=local_day(call.now), reason=body.reason, active=active)
    return await call.handle(ORGANISATION, organisation_id, command)


async def _require_known(call: Call, organisation_id: UUID) -> None:
    if isinstance(await call.state(ORGANISATION, organisation_id), NotEstablished):
        raise NotFound


def _wanted(
    kind: OrganisationKind | None = None,
    parent_id: UUID | None = None,
    name: Annotated[str | None, Query(max_length=80, description="part of a name it has or had")] = None,
    dissolved: Annotated[bool, Query(description="also those that take part no longer")] = False,
) -> queries.Wanted:
    return queries.Wanted(kind=kind, parent_id=parent_id, name=name, dissolved=dissolved)


@exported(router, "/organisations", "organisations")
async def list_organisations(
    call: Annotated[Call, Depends(allow("list_organisations"))],
    wanted: Annotated[queries.Wanted, Depends(_wanted)],
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[queries.Organisation]:
    """Organisations by kind and name; of one parent, to walk down the tree."""
    async with call.read() as tx:
        return await queries.organisations(tx, call.district, wanted, (after, limit))
