"""Corrections of the roster (PIPL article 46): the member asks, the work unit compares with its papers and agrees or says why not.

Invariant: wanted values stay sealed until they hold; a citizen number is shown masked, and in full only by a call of its own that is on
record.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, Field

from services.registration import citizen_number
from services.registration.access import require_self, require_unit
from services.registration.bulk import MOST_AT_ONCE
from services.registration.corrections import queries
from services.registration.display_names import organisation_names
from services.registration.exports import exported
from services.registration.inputs import Body, Reason
from services.registration.members import queries as members
from services.registration.members.access import enrolled
from services.registration.members.corrections import (
    AgreeToCorrection,
    CitizenNumberNotKept,
    CitizenNumberTaken,
    CorrectionNotRequested,
    DeclineCorrection,
    RequestCorrection,
)
from services.registration.members.member import MEMBER
from services.registration.organisations.access import established
from services.registration.personal_fields import NAME_LENGTH, PHONE, is_email, plain
from services.registration.policy import allow
from services.registration.registrations.access import require_manager
from services.registration.vault.access import opened, vault_of
from services.registration.vault.keys import KeyDestroyed, KeyRing
from shared.calendar.local_time import local_day
from shared.contracts.registration.changes import CorrectableField
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind, PoliticalStatus
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer
from shared.texts import text

router = APIRouter(tags=["corrections"])

F: Final = CorrectableField
Revealed = Literal["citizen_number", "phone", "email"]


class CorrectionBody(Body):
    """The field and its value as it should be: a name, number, phone, e-mail, a code (political status, occupation), a community's id."""

    field: CorrectableField
    value: Annotated[str, Field(min_length=1, max_length=254)]


class DeclineBody(Body):
    """Why not; the member can read it."""

    reason: Reason


class Correction(BaseModel):
    """What a member said is wrong, and what became of it: REQUESTED, AGREED or DECLINED with a reason."""

    field: CorrectableField
    wanted: str | None
    status: str
    requested_at: datetime
    reason: str | None


class AskedCorrection(BaseModel):
    """A field that a member of the unit says is wrong."""

    member_id: UUID
    member_no: str
    name: str | None
    field: CorrectableField
    wanted: str | None
    requested_at: datetime


class RevealedField(BaseModel):
    """One field in full; who asked and what for is on record."""

    member_id: UUID
    value: str | None


@router.post("/members/{member_id}/corrections")
async def request_correction(
    member_id: UUID, body: CorrectionBody, call: Annotated[Call, Depends(allow("request_correction"))]
) -> CommandAnswer:
    """Say that the roster has a field wrong. Asking again replaces what was asked for."""
    require_self(call, member_id)
    await enrolled(call, member_id)
    value = await _checked(call, body.field, body.value)
    ring = await vault_of(call).key_ring(call.district, [member_id], create=True, numbers=True)
    try:
        sealed = ring.seal(member_id, body.field.lower(), value)
    except KeyDestroyed:
        raise CitizenNumberNotKept from None
    return await call.handle(MEMBER, member_id, RequestCorrection(field=body.field, value_sealed=sealed))


@router.post("/members/{member_id}/corrections/{field}/agreement")
async def agree_to_correction(
    member_id: UUID, field: CorrectableField, call: Annotated[Call, Depends(allow("answer_correction"))]
) -> CommandAnswer:
    """The unit agrees: what was asked for holds from now on."""
    member = await enrolled(call, member_id)
    require_unit(call, member.unit_id)
    if field not in member.wanted:
        raise CorrectionNotRequested
    ring = await opened(call, [member_id], "correction", numbers=True)
    wanted = ring.open(member_id, field.lower(), member.wanted[field]) or ""
    if field is F.CITIZEN_NUMBER:
        identity = f"citizen:{wanted}"
        holders = await vault_of(call).claim_identities(call.district, {identity: member_id})
        if holders[identity] != member_id:
            raise CitizenNumberTaken
    return await call.handle(MEMBER, member_id, _agreement(field, wanted))


@router.post("/members/{member_id}/corrections/{field}/refusal")
async def decline_correction(
    member_id: UUID, field: CorrectableField, body: DeclineBody, call: Annotated[Call, Depends(allow("answer_correction"))]
) -> CommandAnswer:
    """The unit keeps the field as it is."""
    require_unit(call, (await enrolled(call, member_id)).unit_id)
    return await call.handle(MEMBER, member_id, DeclineCorrection(field=field, reason=body.reason))


@exported(router, "/units/{unit_id}/corrections", "corrections")
async def corrections(unit_id: UUID, call: Annotated[Call, Depends(allow("answer_correction"))]) -> list[AskedCorrection]:
    """Corrections that wait for the unit, longest first."""
    require_unit(call, unit_id)
    async with call.read() as tx:
        rows = await queries.corrections_of_unit(tx, call.district, unit_id, MOST_AT_ONCE)
        names = await organisation_names(tx, call.district)
    ring = await opened(call, [row["member_id"] for row in rows], "corrections", numbers=True)
    return [
        AskedCorrection(
            **row, name=ring.open(row["member_id"], "name", row["name_sealed"]), wanted=shown_correction(row, ring, names).wanted
        )
        for row in rows
    ]


@router.get("/members/{member_id}/fields/{field}")
async def reveal(
    member_id: UUID,
    field: Revealed,
    purpose: Annotated[str, Query(min_length=2, max_length=100, description="what for; the member can read it")],
    call: Annotated[Call, Depends(allow("reveal_field"))],
) -> RevealedField:
    """One field in full: phone and e-mail for the two managers, the citizen number for the work unit."""
    member = await enrolled(call, member_id)
    if field == "citizen_number":
        require_unit(call, member.unit_id)
    else:
        await require_manager(call, member)
    async with call.read() as tx:
        row = await members.member(tx, call.district, member_id)
    if row is None:
        raise NotFound
    ring = await opened(call, [member_id], f"{field}: {purpose}", numbers=True)
    return RevealedField(member_id=member_id, value=ring.open(member_id, field, row[f"{field}_sealed"]))


def shown_correction(row: asyncpg.Record, ring: KeyRing, names: Mapping[UUID, str]) -> Correction:
    """A correction as people read it: codes and ids in words, the citizen number masked. `names` of organisations."""
    field = CorrectableField(row["field"])
    wanted = ring.open(row["member_id"], field.lower(), row["value_sealed"])
    if wanted is not None and field is F.CITIZEN_NUMBER:
        wanted = citizen_number.masked(wanted)
    if wanted is not None and field in {F.POLITICAL_STATUS, F.OCCUPATION_GROUP}:
        wanted = text("registration", "labels", f"value_{wanted.lower()}").zh
    if wanted is not None and field is F.RESIDENCE_COMMUNITY:
        wanted = names.get(UUID(wanted), "")
    return Correction(field=field, wanted=wanted, status=row["status"], requested_at=row["requested_at"], reason=row["reason"])


async def _checked(call: Call, field: CorrectableField, value: str) -> str:
    """The value in its normal form. Raises Malformed without repeating it, NotFound for a community that does not exist."""
    match field:
        case F.NAME if 0 < len(plain(value)) <= NAME_LENGTH:
            return plain(value)
        case F.CITIZEN_NUMBER:
            try:
                return citizen_number.parse(plain(value), local_day(call.now))
            except citizen_number.CitizenNumberInvalid:
                raise Malformed(value="a citizen number (GB 11643)") from None
        case F.PHONE if PHONE.fullmatch(value):
            return value
        case F.EMAIL if is_email(value):
            return value
        case F.POLITICAL_STATUS if value in set(PoliticalStatus):
            return value
        case F.OCCUPATION_GROUP if value in set(OccupationGroup):
            return value
        case F.RESIDENCE_COMMUNITY:
            return await _community(call, value)
        case _:
            raise Malformed(value=f"a valid {field.lower()}")


async def _community(call: Call, value: str) -> str:
    try:
        community_id = UUID(value)
    except ValueError:
        raise Malformed(value="the id of a community") from None
    await established(call, community_id, OrganisationKind.COMMUNITY)
    return str(community_id)


def _agreement(field: CorrectableField, wanted: str) -> AgreeToCorrection:
    match field:
        case F.POLITICAL_STATUS:
            return AgreeToCorrection(field=field, political_status=PoliticalStatus(wanted))
        case F.OCCUPATION_GROUP:
            return AgreeToCorrection(field=field, occupation_group=OccupationGroup(wanted))
        case F.RESIDENCE_COMMUNITY:
            return AgreeToCorrection(field=field, residence_community_id=UUID(wanted))
        case _:
            return AgreeToCorrection(field=field)
