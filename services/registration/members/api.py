"""The member's own page and own acts: what is known, who looked, skills, contact, consent, erasure. And addresses for letters.

Invariant: personal fields leave only to the member, or as an address to the service that sends a letter the member agreed to.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from services.registration.access import Body, Cursor, Limit, enrolled, opened, require_self, vault_of
from services.registration.accounts import queries as account_queries
from services.registration.citizen_number import masked
from services.registration.corrections.api import Correction, shown_correction
from services.registration.crossings import queries as crossings
from services.registration.exports import exported
from services.registration.members.member import (
    MEMBER,
    ChangeContactDetails,
    EraseMember,
    GiveConsent,
    Unknown,
    UpdateProfile,
    WithdrawConsent,
)
from services.registration.members.state import Willingness
from services.registration.organisations import queries as directory
from services.registration.policy import DISTRICT, allow
from services.registration.registrations import queries
from services.registration.rosters.roster import EMAIL, PHONE
from services.registration.stories import queries as story_queries
from services.registration.stories.api import shown_story
from shared.contracts.registration import ConsentPurpose, OccupationGroup, OrganisationKind, PoliticalStatus
from shared.contracts.service_preference import ServicePreference
from shared.web import Call, CommandAnswer, NotFound, Page, decode_cursor, page_of

router = APIRouter(tags=["members"])

ACCESSES = """
select at, actor, purpose from personal_data_access where district = $1 and member_id = $2
    and ($3::timestamptz is null or (at, actor, purpose) < ($3, $4, $5))
order by at desc, actor desc, purpose desc limit $6
"""

MOST_ACCESSES = 10_000
Word = Annotated[str, Field(min_length=1, max_length=40)]


class Unit(BaseModel):
    """The member's work unit."""

    organisation_id: UUID
    name: str | None


class OwnPage(BaseModel):
    """Everything registration knows about the member."""

    member_id: UUID
    member_no: str
    name: str | None
    citizen_number_masked: str | None
    phone: str | None
    email: str | None
    unit: Unit
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    skills: list[str]
    preferences: list[str]
    willingness: ServicePreference
    consents: list[queries.Consent]
    certificates: list[queries.Certificate]
    registrations: list[queries.Registration]
    is_erased: bool
    lost_on: date | None
    merged_into: UUID | None
    corrections: list[Correction]
    away: list[crossings.AwayRegistration]
    account_steps: list[account_queries.AccountStep]
    stories: list[story_queries.StoryView]


class Access(BaseModel):
    """Somebody looked at personal data of the member."""

    at: datetime
    actor: str
    purpose: str


class OwnCopy(BaseModel):
    """The member's own page and who looked, newest first. The citizen number stays masked: the card has it.

    `elsewhere`: where the other services serve what they hold about the caller, with the same token; service → path.
    """

    exported_at: datetime
    page: OwnPage
    accesses: list[Access]
    elsewhere: dict[str, str] = dict.fromkeys(("activities", "evaluation", "notifications"), "/me/copy")


class Address(BaseModel):
    """Where a letter goes. Fields are null when there is nothing, or no consent to be written to."""

    kind: str
    id: UUID
    name: str | None
    email: str | None
    phone: str | None = None


class ProfileBody(Body):
    """Self-declared; replaces what was declared before."""

    skills: Annotated[list[Word], Field(max_length=20)]
    preferences: Annotated[list[Word], Field(max_length=20)]
    willingness: Willingness = Willingness()


class ContactBody(Body):
    """Both replace what was there; null removes."""

    phone: Annotated[str, Field(pattern=f"^(?:{PHONE.pattern})$")] | None
    email: Annotated[str, Field(pattern=f"^(?:{EMAIL.pattern})$", max_length=254)] | None


class ConsentBody(Body):
    """A purpose and the version of the text that was shown."""

    purpose: ConsentPurpose
    text_version: Annotated[str, Field(pattern=r"^[0-9A-Za-z.-]{1,20}$")]


@router.get("/members/{member_id}")
async def own_page(request: Request, member_id: UUID, call: Annotated[Call, Depends(allow("read_own_page"))]) -> OwnPage:
    """The member's own page."""
    require_self(call, member_id)
    scope = queries.Scope(member_id=member_id)
    async with call.read() as tx:
        row = await queries.member(tx, call.district, member_id)
        if row is None:
            raise NotFound
        consents = await queries.consents(tx, call.district, member_id)
        certificates = await queries.certificates(tx, call.district, scope, None, 50)
        registrations = await queries.registrations(tx, call.district, scope, None, (None, 50))
        away = await crossings.away_of(tx, call.district, member_id)
        asked = await queries.corrections_of(tx, call.district, member_id)
        account_steps = await account_queries.steps_of(tx, call.district, member_id)
        stories = await story_queries.of_member(tx, call.district, member_id)
        names = await directory.names(tx, call.district)
    ring = await vault_of(request).key_ring(call.district, [member_id], numbers=True)
    number = ring.open(member_id, "citizen_number", row["citizen_number_sealed"])
    return OwnPage(
        **_facts(row),
        name=ring.open(member_id, "name", row["name_sealed"]),
        citizen_number_masked=None if number is None else masked(number),
        corrections=[shown_correction(each, ring, names) for each in asked],
        phone=ring.open(member_id, "phone", row["phone_sealed"]),
        email=ring.open(member_id, "email", row["email_sealed"]),
        unit=Unit(organisation_id=row["unit_id"], name=row["unit_name"]),
        away=away,
        account_steps=account_steps,
        stories=[shown_story(each, ring) for each in stories],
        consents=consents,
        certificates=certificates.items,
        registrations=registrations.items,
    )


@exported(router, "/members/{member_id}/accesses", "accesses")
async def accesses(
    member_id: UUID, call: Annotated[Call, Depends(allow("read_own_page"))], after: Cursor = None, limit: Limit = 100
) -> Page[Access]:
    """Who looked at the member's personal data in the last three years, newest first (R13)."""
    require_self(call, member_id)
    cursor = decode_cursor(after, 3)
    since: tuple[Any, ...] = (None, None, None) if cursor is None else (datetime.fromisoformat(cursor[0]), *cursor[1:])
    async with call.read() as tx:
        rows = await tx.fetch(ACCESSES, call.district, member_id, *since, limit + 1)
    return page_of([Access(**row) for row in rows], limit, lambda item: (item.at.isoformat(), item.actor, item.purpose))


@router.get("/members/{member_id}/export")
async def export(request: Request, response: Response, member_id: UUID, call: Annotated[Call, Depends(allow("read_own_page"))]) -> OwnCopy:
    """Everything registration holds about the member, as a file a machine can read."""
    page = await own_page(request, member_id, call)
    looked = await accesses(member_id, call, limit=MOST_ACCESSES)
    response.headers["Content-Disposition"] = f'attachment; filename="{page.member_no}.json"'
    return OwnCopy(exported_at=call.now, page=page, accesses=looked.items)


@router.post("/members/{member_id}/profile")
async def update_profile(member_id: UUID, body: ProfileBody, call: Annotated[Call, Depends(allow("update_profile"))]) -> CommandAnswer:
    """Say what one can and would like to do."""
    await _self(call, member_id)
    command = UpdateProfile(skills=tuple(body.skills), preferences=tuple(body.preferences), willingness=body.willingness)
    return await call.handle(MEMBER, member_id, command)


@router.post("/members/{member_id}/contact")
async def change_contact(
    request: Request, member_id: UUID, body: ContactBody, call: Annotated[Call, Depends(allow("change_contact"))]
) -> CommandAnswer:
    """Replace phone and e-mail."""
    require_self(call, member_id)
    await enrolled(call, member_id)
    ring = await vault_of(request).key_ring(call.district, [member_id])
    command = ChangeContactDetails(
        phone_sealed=ring.seal_optional(member_id, "phone", body.phone), email_sealed=ring.seal_optional(member_id, "email", body.email)
    )
    return await call.handle(MEMBER, member_id, command)


@router.post("/members/{member_id}/consents")
async def give_consent(member_id: UUID, body: ConsentBody, call: Annotated[Call, Depends(allow("give_consent"))]) -> CommandAnswer:
    """Agree to one purpose."""
    await _self(call, member_id)
    return await call.handle(MEMBER, member_id, GiveConsent(purpose=body.purpose, text_version=body.text_version))


@router.post("/members/{member_id}/consents/{purpose}/withdrawal")
async def withdraw_consent(
    member_id: UUID, purpose: ConsentPurpose, call: Annotated[Call, Depends(allow("withdraw_consent"))]
) -> CommandAnswer:
    """Take consent back. Without consent to dual management the registration ends."""
    await _self(call, member_id)
    return await call.handle(MEMBER, member_id, WithdrawConsent(purpose=purpose))


@router.post("/members/{member_id}/erasure")
async def erase_member(request: Request, member_id: UUID, call: Annotated[Call, Depends(allow("erase_member"))]) -> CommandAnswer:
    """Make the member's personal data unreadable for ever: on the member's request, or when the district's retention says so."""
    if not call.principal.has_any(DISTRICT):
        require_self(call, member_id)
    if isinstance(await call.state(MEMBER, member_id), Unknown):
        raise NotFound
    answer = await call.handle(MEMBER, member_id, EraseMember())
    await vault_of(request).destroy(call.district, member_id)
    return answer


@router.get("/addresses/{kind}/{recipient_id}")
async def read_address(
    request: Request,
    kind: Literal["MEMBER", "UNIT", "COMMUNITY"],
    recipient_id: UUID,
    call: Annotated[Call, Depends(allow("read_address"))],
) -> Address:
    """Address of a recipient at sending time, for the service that sends letters."""
    if kind != "MEMBER":
        async with call.read() as tx:
            row = await directory.organisation(tx, call.district, recipient_id)
        expected = OrganisationKind.WORK_UNIT if kind == "UNIT" else OrganisationKind.COMMUNITY
        if row is None or row["kind"] != expected:
            raise NotFound
        return Address(kind=kind, id=recipient_id, name=row["name"], email=row["contact_email"])
    async with call.read() as tx:
        row = await queries.member(tx, call.district, recipient_id)
        purposes = {consent.purpose for consent in await queries.consents(tx, call.district, recipient_id)}
    if row is None or row["is_erased"]:
        raise NotFound
    if ConsentPurpose.DIRECT_CONTACT not in purposes:
        return Address(kind=kind, id=recipient_id, name=None, email=None)
    ring = await opened(request, call, [recipient_id], "letter")
    return Address(
        kind=kind,
        id=recipient_id,
        name=ring.open(recipient_id, "name", row["name_sealed"]),
        email=ring.open(recipient_id, "email", row["email_sealed"]),
        phone=ring.open(recipient_id, "phone", row["phone_sealed"]),
    )


async def _self(call: Call, member_id: UUID) -> None:
    require_self(call, member_id)
    if isinstance(await call.state(MEMBER, member_id), Unknown):
        raise NotFound


def _facts(row: asyncpg.Record) -> dict[str, Any]:
    names = (
        "member_id",
        "member_no",
        "occupation_group",
        "political_status",
        "skills",
        "preferences",
        "willingness",
        "is_erased",
        "lost_on",
        "merged_into",
    )
    return {name: row[name] for name in names}
