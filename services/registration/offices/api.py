"""Who is what in an organisation: secretaries, liaison officers, clerks, instructors (指导员), with first and last day.

Invariant: an organisation fills its working offices itself; its secretary, instructor and responsible person are named by the district.
"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import Field

from services.registration.access import is_community_of, is_unit_of
from services.registration.exports import exported
from services.registration.inputs import Body
from services.registration.offices import queries
from services.registration.offices.office import OFFICE, AssignOffice, EndOffice, Unassigned
from services.registration.organisations.access import established
from services.registration.policy import DISTRICT, allow
from services.registration.vault.access import opened, vault_of
from shared.calendar.local_time import local_day
from shared.contracts.registration.organisations import OfficeRole
from shared.http.answers import NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.identity import Forbidden

router = APIRouter(tags=["offices"])

FILLED_BY_ITSELF = frozenset({OfficeRole.LIAISON, OfficeRole.CLERK})


class OfficeBody(Body):
    """`holder`: subject of the account; the name is sealed, and destroyed half a year after the office ended."""

    role: OfficeRole
    holder: Annotated[str, Field(min_length=1, max_length=100)]
    name: Annotated[str, Field(min_length=1, max_length=50)] | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    is_part_time: bool = False


class EndBody(Body):
    """The last day, today unless stated."""

    ended_on: date | None = None


@router.post("/organisations/{organisation_id}/offices", status_code=201)
async def assign_office(organisation_id: UUID, body: OfficeBody, call: Annotated[Call, Depends(allow("assign_office"))]) -> CommandAnswer:
    """Give somebody an office. A term with a last day ends by itself."""
    await established(call, organisation_id)
    _require_may_fill(call, organisation_id, body.role)
    office_id = call.new_id("office")
    ring = await vault_of(call).key_ring(call.district, [office_id], create=body.name is not None)
    command = AssignOffice(
        office_id=office_id,
        organisation_id=organisation_id,
        name_sealed=ring.seal_optional(office_id, "office_name", body.name),
        starts_on=body.starts_on or local_day(call.now),
        **body.model_dump(include={"role", "holder", "ends_on", "is_part_time"}),
    )
    answer = await call.handle(OFFICE, office_id, command)
    return answer.with_result(office_id=office_id)


@router.post("/offices/{office_id}/end")
async def end_office(office_id: UUID, body: EndBody, call: Annotated[Call, Depends(allow("assign_office"))]) -> CommandAnswer:
    """End an office before its term, or one without a last day."""
    office = await call.state(OFFICE, office_id)
    if isinstance(office, Unassigned):
        raise NotFound
    _require_may_fill(call, office.assigned.organisation_id, office.assigned.role)
    return await call.handle(OFFICE, office_id, EndOffice(ended_on=body.ended_on or local_day(call.now)))


@exported(router, "/organisations/{organisation_id}/offices", "offices")
async def offices(organisation_id: UUID, call: Annotated[Call, Depends(allow("list_offices"))], past: bool = False) -> list[queries.Office]:
    """Who is what there now, or has ever been."""
    async with call.read() as tx:
        rows = await queries.offices(tx, call.district, organisation_id, local_day(call.now), past=past)
    ring = await opened(call, [row["office_id"] for row in rows if row["name_sealed"]], "offices")
    return [queries.Office(**row, name=ring.open(row["office_id"], "office_name", row["name_sealed"])) for row in rows]


def _require_may_fill(call: Call, organisation_id: UUID, role: OfficeRole) -> None:
    if call.principal.has_any(DISTRICT):
        return
    if not (is_unit_of(call, organisation_id) or is_community_of(call, organisation_id)) or role not in FILLED_BY_ITSELF:
        message = "the district names secretaries, instructors and responsible persons"
        raise Forbidden(message)
