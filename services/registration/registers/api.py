"""Lists for the two managers – who is who in the community, in the unit – and the report that names nobody.

Invariant: names are opened for the organisation that manages the member and for nobody else, and every opening is recorded first.
"""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from services.registration.access import require_community, require_unit
from services.registration.exports import exported
from services.registration.inputs import Cursor, Limit
from services.registration.members.names import is_found_by
from services.registration.policy import allow
from services.registration.registers import queries
from services.registration.vault.access import opened, vault_of
from services.registration.vault.keys import KeyRing
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.contracts.service_preference import ServicePreference
from shared.http.endpoints import Call
from shared.http.paging import Page, decode_cursor, page_of

router = APIRouter(tags=["lists"])
MOST_REGISTRANTS: Final = 5000  # of one community
MOST_FOUND: Final = 20


class RegisterLine(BaseModel):
    """One line of the community's register book (社区在职党员信息簿): knows number, occupation, strengths; no phone."""

    member_id: UUID
    member_no: str
    name: str | None
    unit_name: str | None
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    skills: list[str]
    preferences: list[str]
    willingness: ServicePreference
    registration_id: UUID
    status: str
    reported_on: date


class UnitLine(BaseModel):
    """One member of a unit and how far the reporting has come."""

    member_id: UUID
    member_no: str
    name: str | None
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    residence_community_id: UUID | None
    is_erased: bool
    certificate_no: str | None
    registration_id: UUID | None
    registration_status: str | None
    community_id: UUID | None


@exported(router, "/communities/{community_id}/register", "community_register")
async def community_register(
    community_id: UUID,
    call: Annotated[Call, Depends(allow("read_community_register"))],
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[RegisterLine]:
    """The community's register, by member number."""
    require_community(call, community_id)
    async with call.read() as tx:
        rows = await queries.register_rows(tx, call.district, community_id, decode_cursor(after, (str, UUID)), limit + 1)
    ring = await opened(call, [row["member_id"] for row in rows[:limit]], "community_register")
    lines = [RegisterLine(**row, name=ring.open(row["member_id"], "name", row["name_sealed"])) for row in rows]
    return page_of(lines, limit, lambda line: (line.member_no, line.registration_id))


@router.get("/communities/{community_id}/registrants")
async def look_up(
    community_id: UUID,
    q: Annotated[str, Query(min_length=1, max_length=40, description="part of a name, initials of its pinyin, or a certificate number")],
    call: Annotated[Call, Depends(allow("look_up_registrants"))],
) -> list[RegisterLine]:
    """Find somebody among the community's own registrants. Names are sealed, so they are compared in memory; who is shown is on record."""
    require_community(call, community_id)
    async with call.read() as tx:
        rows = await queries.register_rows(tx, call.district, community_id, None, MOST_REGISTRANTS)
    by_number = [row for row in rows if row["certificate_no"].upper() == q.strip().upper()]
    found = by_number or await asyncio.to_thread(_named, rows, await vault_of(call).key_ring(call.district, _ids(rows)), q)
    shown = found[:MOST_FOUND]
    ring = await opened(call, _ids(shown), "look_up")
    return [RegisterLine(**row, name=ring.open(row["member_id"], "name", row["name_sealed"])) for row in shown]


def _ids(rows: Sequence[asyncpg.Record]) -> list[UUID]:
    return [row["member_id"] for row in rows]


def _named(rows: Sequence[asyncpg.Record], ring: KeyRing, looked_up: str) -> list[asyncpg.Record]:
    return [row for row in rows if is_found_by(ring.open(row["member_id"], "name", row["name_sealed"]) or "", looked_up)]


@exported(router, "/units/{unit_id}/members", "unit_list")
async def unit_list(
    unit_id: UUID,
    call: Annotated[Call, Depends(allow("read_unit_list"))],
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[UnitLine]:
    """The unit's members and where they report, by member number."""
    require_unit(call, unit_id)
    async with call.read() as tx:
        rows = await queries.unit_rows(tx, call.district, unit_id, decode_cursor(after, (str,)), limit + 1)
    ring = await opened(call, [row["member_id"] for row in rows[:limit]], "unit_list")
    lines = [UnitLine(**row, name=ring.open(row["member_id"], "name", row["name_sealed"])) for row in rows]
    return page_of(lines, limit, lambda line: (line.member_no,))
