"""The member's own page, and the copy to take along."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from services.registration.access import Scope, require_self
from services.registration.access_log.api import Access, accesses_of
from services.registration.accounts import queries as accounts
from services.registration.certificates import queries as certificate_queries
from services.registration.citizen_number import masked
from services.registration.corrections import queries as corrections
from services.registration.corrections.api import Correction, shown_correction
from services.registration.crossings import queries as crossings
from services.registration.display_names import organisation_names
from services.registration.members import queries as members
from services.registration.policy import allow
from services.registration.registrations import queries as registration_queries
from services.registration.stories import queries as story_queries
from services.registration.stories.api import shown_story
from services.registration.vault.access import vault_of
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.contracts.service_preference import ServicePreference
from shared.http.answers import NotFound
from shared.http.endpoints import Call

router = APIRouter(tags=["members"])
MOST_ACCESSES = 10_000


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
    consents: list[members.Consent]
    certificates: list[certificate_queries.Certificate]
    registrations: list[registration_queries.Registration]
    is_erased: bool
    lost_on: date | None
    merged_into: UUID | None
    corrections: list[Correction]
    away: list[crossings.AwayRegistration]
    account_steps: list[accounts.AccountStep]
    stories: list[story_queries.StoryView]
    merged: list["OwnPage"] = Field(
        default_factory=list["OwnPage"], description="entries of the same person that were merged into this one"
    )


class OwnCopy(BaseModel):
    """The member's own page and who looked, newest first. The citizen number stays masked: the card has it.

    `elsewhere`: where the other services serve what they hold about the caller, with the same token; service → path.
    """

    exported_at: datetime
    page: OwnPage
    accesses: list[Access]
    elsewhere: dict[str, str] = dict.fromkeys(("activities", "evaluation", "notifications"), "/me/copy")


@router.get("/members/{member_id}")
async def own_page(member_id: UUID, call: Annotated[Call, Depends(allow("read_own_page"))]) -> OwnPage:
    """The member's own page, with those of the entries that were merged into this one."""
    require_self(call, member_id)
    page = await _page(call, member_id)
    async with call.read() as tx:
        earlier = await members.merged_into(tx, call.district, member_id)
    return page.model_copy(update={"merged": [await _page(call, each) for each in earlier]})


async def _page(call: Call, member_id: UUID) -> OwnPage:
    """The page of one entry."""
    scope = Scope(member_id=member_id)
    async with call.read() as tx:
        row = await members.member(tx, call.district, member_id)
        if row is None:
            raise NotFound
        consents = await members.consents(tx, call.district, member_id)
        certificates = await certificate_queries.certificates(tx, call.district, scope, None, 50)
        registrations = await registration_queries.registrations(tx, call.district, scope, None, (None, 50))
        away = await crossings.away_of(tx, call.district, member_id)
        asked = await corrections.corrections_of(tx, call.district, member_id)
        account_steps = await accounts.steps_of(tx, call.district, member_id)
        stories = await story_queries.of_member(tx, call.district, member_id)
        names = await organisation_names(tx, call.district)
    ring = await vault_of(call).key_ring(call.district, [member_id], numbers=True)
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


@router.get("/members/{member_id}/export")
async def export(response: Response, member_id: UUID, call: Annotated[Call, Depends(allow("read_own_page"))]) -> OwnCopy:
    """Everything registration holds about the member, as a file a machine can read."""
    page = await own_page(member_id, call)
    entries = [member_id, *(each.member_id for each in page.merged)]
    async with call.read() as tx:
        looked = await accesses_of(tx, call.district, entries, None, MOST_ACCESSES)
    response.headers["Content-Disposition"] = f'attachment; filename="{page.member_no}.json"'
    return OwnCopy(exported_at=call.now, page=page, accesses=looked)


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
