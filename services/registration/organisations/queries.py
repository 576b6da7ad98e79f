"""Organisations by kind, name and parent, and what still depends on one."""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration.codes import OccupationGroup, OrganisationKind
from shared.http.paging import Page, decode_cursor, page_of

ORGANISATIONS: Final = """
SELECT organisation_id, kind, name, former_names, parent_id, community_type, occupation_group, uscc, place, dissolved_on
FROM organisations
WHERE district = $1 AND ($2::text IS NULL OR kind = $2) AND ($3::uuid IS NULL OR parent_id = $3)
    AND ($4::text IS NULL OR EXISTS (SELECT FROM unnest(name || former_names) AS known WHERE strpos(known, $4) > 0))
    AND ($5 OR dissolved_on IS NULL)
    AND ($6::text IS NULL OR (kind, name, organisation_id) > ($6, $7, $8::uuid))
ORDER BY kind, name, organisation_id LIMIT $9
"""
ALL_ORGANISATIONS: Final = (
    "SELECT organisation_id, kind, name, former_names, occupation_group, dissolved_on FROM organisations WHERE district = $1"
)
DEPENDING: Final = """
SELECT
    (SELECT count(*)::int FROM organisations WHERE district = $1 AND parent_id = $2 AND dissolved_on IS NULL) AS organisations,
    (SELECT count(*)::int FROM member_directory
        WHERE district = $1 AND unit_id = $2 AND NOT is_erased AND merged_into IS NULL) AS members,
    (SELECT count(*)::int FROM certificates WHERE district = $1 AND $2 IN (unit_id, community_id) AND status = 'ISSUED') AS certificates,
    (SELECT count(*)::int FROM registrations
        WHERE district = $1 AND $2 IN (unit_id, community_id, transfer_to) AND status IN ('PENDING', 'CONFIRMED', 'SUSPENDED')
    ) AS registrations,
    (SELECT count(*)::int FROM away_registrations WHERE district = $1 AND unit_id = $2 AND ended_on IS NULL) AS away_registrations,
    (SELECT count(*)::int FROM offices WHERE district = $1 AND organisation_id = $2 AND ended_on IS NULL) AS offices,
    (SELECT count(*)::int FROM delegations
        WHERE district = $1 AND organisation_id = $2 AND ended_on IS NULL AND ends_on >= $3) AS delegations
"""
BY_ID: Final = (
    "SELECT organisation_id, kind, name, contact_email, occupation_group, community_type FROM organisations "
    "WHERE district = $1 AND organisation_id = $2"
)


class Organisation(BaseModel):
    """One organisation as everybody may see it."""

    organisation_id: UUID
    kind: OrganisationKind
    name: str
    parent_id: UUID | None
    community_type: str | None
    occupation_group: OccupationGroup | None
    uscc: str | None
    place: str | None
    former_names: list[str]
    dissolved_on: date | None


class Wanted(BaseModel):
    """Which organisations a list shows: of a kind, under a parent, with a part of a name they have or had, also dissolved ones."""

    kind: OrganisationKind | None = None
    parent_id: UUID | None = None
    name: str | None = None
    dissolved: bool = False


async def organisations(tx: asyncpg.Connection, district: str, wanted: Wanted, page: tuple[str | None, int]) -> Page[Organisation]:
    """Organisations by kind and name; `page` is (cursor, limit)."""
    after, limit = page
    cursor = decode_cursor(after, (OrganisationKind, str, UUID)) or (None, None, None)
    which = (wanted.kind, wanted.parent_id, wanted.name, wanted.dissolved)
    rows = await tx.fetch(ORGANISATIONS, district, *which, *cursor, limit + 1)
    return page_of([Organisation(**row) for row in rows], limit, lambda item: (item.kind, item.name, item.organisation_id))


async def all_organisations(tx: asyncpg.Connection, district: str) -> list[asyncpg.Record]:
    """Every organisation there is or was, with its names and occupation group: the directory a roster is read with."""
    return await tx.fetch(ALL_ORGANISATIONS, district)


async def active(tx: asyncpg.Connection, district: str, organisation_id: UUID, day: date) -> dict[str, int]:
    """How many of what still depends on an organisation."""
    row = await tx.fetchrow(DEPENDING, district, organisation_id, day)
    return {} if row is None else {name: row[name] for name in row.keys()}  # noqa: SIM118 - a record iterates over its values


async def organisation(tx: asyncpg.Connection, district: str, organisation_id: UUID) -> asyncpg.Record | None:
    """One organisation with its office mailbox."""
    return await tx.fetchrow(BY_ID, district, organisation_id)
