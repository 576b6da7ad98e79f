"""One entry of the roster at a time: enrolment without a workbook, another work unit, contact lost and found, two entries of one person.

Invariant: as in a workbook, one member per citizen number and district; personal fields are sealed before they enter a command.
"""

from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import AfterValidator, Field, model_validator

from services.registration import citizen_number
from services.registration.access import require_unit
from services.registration.inputs import Body, Reason
from services.registration.members.access import enrolled, require_known
from services.registration.members.corrections import ChangePoliticalStatus
from services.registration.members.member import MEMBER, ChangeWorkUnit, MarkLostContact, MergeInto, RestoreContact
from services.registration.members.state import Enrolled
from services.registration.organisations.access import established
from services.registration.personal_fields import PHONE, Email, plain
from services.registration.policy import DISTRICT, allow
from services.registration.registrations.access import require_manager
from services.registration.rosters.api import enrolment
from services.registration.rosters.row_reader import RosterRow
from services.registration.vault.access import vault_of
from shared.calendar.local_time import local_day
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind, PoliticalStatus
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer

router = APIRouter(tags=["roster entries"])


def _citizen_number(value: str) -> str:
    try:
        return citizen_number.parse(plain(value))
    except citizen_number.CitizenNumberInvalid:
        message = "not a citizen number (GB 11643)"
        raise ValueError(message) from None


def require_plausible_number(call: Call, number: str | None) -> None:
    """Raise Malformed for the number of somebody who is too young or too old today; it is not repeated."""
    if number is None:
        return
    try:
        citizen_number.parse(number, local_day(call.now))
    except citizen_number.CitizenNumberInvalid:
        raise Malformed(citizen_number="a citizen number (GB 11643)") from None


class EnrolBody(Body):
    """A member with the same fields as a row of the workbook; number, phone or e-mail distinguishes people of one name."""

    name: Annotated[str, Field(min_length=1, max_length=50), AfterValidator(plain)]
    political_status: PoliticalStatus
    citizen_number: Annotated[str, Field(max_length=30), AfterValidator(_citizen_number)] | None = None
    phone: Annotated[str, Field(pattern=f"^(?:{PHONE.pattern})$")] | None = None
    email: Email | None = None
    residence_community_id: UUID | None = None

    @model_validator(mode="after")
    def _has_identity(self) -> Self:
        if not (self.citizen_number or self.phone or self.email):
            message = "one of citizen_number, phone and email is needed"
            raise ValueError(message)
        return self


class WorkUnitBody(Body):
    """The new work unit."""

    unit_id: UUID


class PoliticalStatusBody(Body):
    """What the member is from now on."""

    political_status: PoliticalStatus


class MergeBody(Body):
    """The entry that remains, and how it was found that both are one person."""

    into_member_id: UUID
    reason: Reason


@router.post("/units/{unit_id}/members", status_code=201)
async def enrol_member(unit_id: UUID, body: EnrolBody, call: Annotated[Call, Depends(allow("enrol_member"))]) -> CommandAnswer:
    """Put one member on the unit's roster. Who is there already is found again: no event."""
    require_plausible_number(call, body.citizen_number)
    if not call.principal.has_any(DISTRICT):
        require_unit(call, unit_id)
    if body.residence_community_id is not None:
        await established(call, body.residence_community_id, OrganisationKind.COMMUNITY)
    row = RosterRow(
        row=0,
        name=body.name,
        citizen_number=body.citizen_number,
        unit_id=unit_id,
        occupation_group=await _occupation_group(call, unit_id),
        political_status=body.political_status,
        phone=body.phone,
        email=body.email,
        community_id=body.residence_community_id,
    )
    vault = vault_of(call)
    holders = await vault.claim_identities(call.district, {row.identity: call.secret_id("member")})
    member_id = holders[row.identity]
    ring = await vault.key_ring(call.district, [member_id], create=True, numbers=True)
    answer = await call.handle(MEMBER, member_id, enrolment(row, member_id, None, ring))
    member = await enrolled(call, member_id)
    return answer.with_result(member_id=member_id, member_no=member.member_no)


@router.post("/members/{member_id}/work-unit")
async def change_work_unit(member_id: UUID, body: WorkUnitBody, call: Annotated[Call, Depends(allow("change_work_unit"))]) -> CommandAnswer:
    """Move the organisation relation to another unit, by the present one or the district; an active registration follows."""
    member = await enrolled(call, member_id)
    if not call.principal.has_any(DISTRICT):
        require_unit(call, member.unit_id)
    command = ChangeWorkUnit(unit_id=body.unit_id, occupation_group=await _occupation_group(call, body.unit_id))
    return await call.handle(MEMBER, member_id, command)


@router.post("/members/{member_id}/political-status")
async def change_political_status(
    member_id: UUID, body: PoliticalStatusBody, call: Annotated[Call, Depends(allow("change_political_status"))]
) -> CommandAnswer:
    """Record that a probationary member became a full one (转正), by the work unit."""
    require_unit(call, (await enrolled(call, member_id)).unit_id)
    return await call.handle(MEMBER, member_id, ChangePoliticalStatus(political_status=body.political_status))


@router.post("/members/{member_id}/lost-contact")
async def mark_lost_contact(member_id: UUID, call: Annotated[Call, Depends(allow("mark_lost_contact"))]) -> CommandAnswer:
    """The member cannot be reached, so the other manager asks as well. It has no consequences for the member."""
    await require_manager(call, await enrolled(call, member_id))
    return await call.handle(MEMBER, member_id, MarkLostContact(lost_on=local_day(call.now)))


@router.post("/members/{member_id}/restored-contact")
async def restore_contact(member_id: UUID, call: Annotated[Call, Depends(allow("restore_contact"))]) -> CommandAnswer:
    """The member was reached again; members may also declare it themselves."""
    member = await enrolled(call, member_id)
    if not call.principal.is_member(member_id):
        await require_manager(call, member)
    return await call.handle(MEMBER, member_id, RestoreContact(restored_on=local_day(call.now)))


@router.post("/members/{member_id}/merge")
async def merge_members(member_id: UUID, body: MergeBody, call: Annotated[Call, Depends(allow("merge_members"))]) -> CommandAnswer:
    """Merge this entry into another one of the same person. It must be neither registered nor hold a live certificate."""
    await require_known(call, member_id)
    into = await call.state(MEMBER, body.into_member_id)
    command = MergeInto(into_member_id=body.into_member_id, into_is_enrolled=isinstance(into, Enrolled), reason=body.reason)
    return await call.handle(MEMBER, member_id, command)


async def _occupation_group(call: Call, unit_id: UUID) -> OccupationGroup:
    unit = await established(call, unit_id, OrganisationKind.WORK_UNIT)
    if unit.occupation_group is None:
        raise NotFound
    return unit.occupation_group
