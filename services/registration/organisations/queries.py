"""Who takes part and who is what: organisations, honours, partners, offices, delegations, programmes.

Invariant: names of office holders come out sealed, as everywhere.
"""

from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration import OccupationGroup, OrganisationKind
from shared.contracts.registration_organisations import HonourLevel, OfficeRole
from shared.web import Page, decode_cursor, page_of

ORGANISATIONS: Final = """
select organisation_id, kind, name, former_names, parent_id, community_type, occupation_group, uscc, place, dissolved_on
from organisations
where district = $1 and ($2::text is null or kind = $2) and ($3::uuid is null or parent_id = $3)
    and ($4::text is null or exists (select from unnest(name || former_names) as known where strpos(known, $4) > 0))
    and ($5 or dissolved_on is null)
    and ($6::text is null or (kind, name, organisation_id) > ($6, $7, $8::uuid))
order by kind, name, organisation_id limit $9
"""
ALL_ORGANISATIONS: Final = (
    "select organisation_id, kind, name, former_names, occupation_group, dissolved_on from organisations where district = $1"
)
ACTIVE: Final = """
select
    (select count(*)::int from organisations where district = $1 and parent_id = $2 and dissolved_on is null) as organisations,
    (select count(*)::int from member_directory
        where district = $1 and unit_id = $2 and not is_erased and merged_into is null) as members,
    (select count(*)::int from certificates where district = $1 and $2 in (unit_id, community_id) and status = 'ISSUED') as certificates,
    (select count(*)::int from registrations
        where district = $1 and $2 in (unit_id, community_id, transfer_to) and status in ('PENDING', 'CONFIRMED', 'SUSPENDED')
    ) as registrations,
    (select count(*)::int from away_registrations where district = $1 and unit_id = $2 and ended_on is null) as away_registrations,
    (select count(*)::int from offices where district = $1 and organisation_id = $2 and ended_on is null) as offices,
    (select count(*)::int from delegations
        where district = $1 and organisation_id = $2 and ended_on is null and ends_on >= $3) as delegations
"""
ORGANISATION: Final = (
    "select organisation_id, kind, name, contact_email, occupation_group, community_type from organisations "
    "where district = $1 and organisation_id = $2"
)
HONOURS: Final = """
select honour_id, level, title, year from organisation_honours where district = $1 and organisation_id = $2
order by year desc, title, honour_id
"""
PARTNERS: Final = """
select p.partner_id, o.name, p.joined_on from partner_units p
join organisations o on o.district = p.district and o.organisation_id = p.partner_id
where p.district = $1 and p.community_id = $2 and o.dissolved_on is null order by o.name, p.partner_id
"""
INTRODUCTION: Final = """
select overview, network, difficulties, ongoing_work, told_at from community_introductions where district = $1 and community_id = $2
"""
OFFICES: Final = """
select office_id, organisation_id, role, holder, name_sealed, starts_on, ends_on, ended_on, is_part_time from offices
where district = $1 and organisation_id = $2 and ($3 or coalesce(ended_on, ends_on, 'infinity'::date) >= $4)
order by role, starts_on desc, office_id
"""
DELEGATIONS: Final = """
select delegation_id, organisation_id, delegator, delegate, roles, starts_on, ends_on, ended_on, reason from delegations
where district = $1 and ($2::uuid is null or organisation_id = $2) and ($3::text is null or $3 in (delegator, delegate))
order by starts_on desc, delegation_id
"""
ACTING: Final = """
select organisation_id, roles from delegations
where district = $1 and delegator = $2 and delegate = $3 and starts_on <= $4 and ends_on >= $4 and ended_on is null
"""
PROGRAMMES: Final = """
select programme_id, name, legal_basis, starts_on, ends_on, vocabulary, forms, member_categories from programmes
where district = $1 order by starts_on desc, name
"""


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


class Honour(BaseModel):
    """A title an organisation received."""

    honour_id: UUID
    level: HonourLevel
    title: str
    year: int


class Partner(BaseModel):
    """A unit that builds together with a community."""

    partner_id: UUID
    name: str
    joined_on: date


class Office(BaseModel):
    """Who is what, from when to when; `name` is null when none was given or it was destroyed."""

    office_id: UUID
    organisation_id: UUID
    role: OfficeRole
    holder: str
    name: str | None
    starts_on: date
    ends_on: date | None
    ended_on: date | None
    is_part_time: bool


class Delegation(BaseModel):
    """Who may act for whom, as what, from when to when."""

    delegation_id: UUID
    organisation_id: UUID
    delegator: str
    delegate: str
    roles: list[str]
    starts_on: date
    ends_on: date
    ended_on: date | None
    reason: str


class Programme(BaseModel):
    """What the district runs."""

    programme_id: UUID
    name: str
    legal_basis: str
    starts_on: date
    ends_on: date | None
    vocabulary: dict[str, str]
    forms: dict[str, list[str]]
    member_categories: dict[str, str]


async def organisations(tx: asyncpg.Connection, district: str, wanted: "Wanted", page: tuple[str | None, int]) -> Page[Organisation]:
    """Organisations by kind and name; `page` is (cursor, limit)."""
    after, limit = page
    cursor = decode_cursor(after, 3) or (None, None, None)
    which = (wanted.kind, wanted.parent_id, wanted.name, wanted.dissolved)
    rows = await tx.fetch(ORGANISATIONS, district, *which, *cursor, limit + 1)
    return page_of([Organisation(**row) for row in rows], limit, lambda item: (item.kind, item.name, item.organisation_id))


async def all_organisations(tx: asyncpg.Connection, district: str) -> list[asyncpg.Record]:
    """Every organisation there is or was, with its names and occupation group: the directory a roster is read with."""
    return await tx.fetch(ALL_ORGANISATIONS, district)


async def names(tx: asyncpg.Connection, district: str) -> dict[UUID, str]:
    """What organisations are called."""
    return {row["organisation_id"]: row["name"] for row in await all_organisations(tx, district)}


async def active(tx: asyncpg.Connection, district: str, organisation_id: UUID, day: date) -> dict[str, int]:
    """How many of what hang on an organisation still."""
    row = await tx.fetchrow(ACTIVE, district, organisation_id, day)
    return {} if row is None else {name: row[name] for name in row.keys()}  # noqa: SIM118 - a record iterates over its values


async def organisation(tx: asyncpg.Connection, district: str, organisation_id: UUID) -> asyncpg.Record | None:
    """One organisation with its office mailbox."""
    return await tx.fetchrow(ORGANISATION, district, organisation_id)


async def honours(tx: asyncpg.Connection, district: str, organisation_id: UUID) -> list[Honour]:
    """Titles of an organisation, newest first."""
    return [Honour(**row) for row in await tx.fetch(HONOURS, district, organisation_id)]


async def partners(tx: asyncpg.Connection, district: str, community_id: UUID) -> list[Partner]:
    """Partner units of a community, by name."""
    return [Partner(**row) for row in await tx.fetch(PARTNERS, district, community_id)]


async def introduction(tx: asyncpg.Connection, district: str, community_id: UUID) -> asyncpg.Record | None:
    """What the community told about itself."""
    return await tx.fetchrow(INTRODUCTION, district, community_id)


async def offices(tx: asyncpg.Connection, district: str, organisation_id: UUID, day: date, *, past: bool) -> list[asyncpg.Record]:
    """Offices of an organisation on `day` or later, or all there ever were; names sealed."""
    return await tx.fetch(OFFICES, district, organisation_id, past, day)


async def delegations(tx: asyncpg.Connection, district: str, organisation_id: UUID | None, subject: str | None) -> list[Delegation]:
    """Delegations of an organisation, or those somebody gave or holds."""
    return [Delegation(**row) for row in await tx.fetch(DELEGATIONS, district, organisation_id, subject)]


async def acting(tx: asyncpg.Connection, district: str, delegator: str, delegate: str, day: date) -> list[asyncpg.Record]:
    """What `delegate` may do for `delegator` on this day: organisations and roles."""
    return await tx.fetch(ACTING, district, delegator, delegate, day)


async def programmes(tx: asyncpg.Connection, district: str) -> list[Programme]:
    """Programmes of the district, newest first."""
    return [Programme(**row) for row in await tx.fetch(PROGRAMMES, district)]


async def programme_on(tx: asyncpg.Connection, district: str, day: date) -> Programme | None:
    """The programme that runs on this day; of several the one that began last."""
    running = [each for each in await programmes(tx, district) if each.starts_on <= day and (each.ends_on is None or day <= each.ends_on)]
    return running[0] if running else None
