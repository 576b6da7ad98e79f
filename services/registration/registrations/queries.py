"""What registration answers: SELECTs and their response models.

Invariant: personal fields come out sealed; `api.scope.opened` hands out keys, after recording who looks.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.registration import ConsentPurpose, OccupationGroup, PoliticalStatus
from shared.small_cells import suppressed
from shared.web import Page, decode_cursor, page_of

MEMBER_NUMBERS: Final = "select member_id, member_no from member_directory where district = $1 and member_id = any($2)"
CERTIFICATES: Final = """
select certificate_id, certificate_no, member_id, unit_id, community_id, status from certificates
where district = $1 and ($2::uuid is null or unit_id = $2) and ($3::uuid is null or community_id = $3)
    and ($4::uuid is null or member_id = $4) and ($5::text is null or certificate_no > $5)
order by certificate_no limit $6
"""
CERTIFICATE_BY_NUMBER: Final = """
select c.certificate_id, c.certificate_no, c.status, u.name as unit_name, o.name as community_name
from certificates c
left join organisations u on u.district = c.district and u.organisation_id = c.unit_id
left join organisations o on o.district = c.district and o.organisation_id = c.community_id
where c.district = $1 and c.certificate_no = $2
"""
REGISTRATIONS: Final = """
select * from registrations
where district = $1 and ($2::uuid is null or community_id = $2) and ($3::uuid is null or unit_id = $3)
    and ($4::uuid is null or member_id = $4) and ($5::text is null or status = $5) and ($6::uuid is null or registration_id > $6)
order by registration_id limit $7
"""
REGISTRATION: Final = "select * from registrations where district = $1 and registration_id = $2"
OUTSTANDING: Final = """
select registration_id, member_id, unit_id, community_id, receipt_no, receipt_issued_at as issued_at from registrations
where district = $1 and receipt_no is not null and not receipt_acknowledged and status in ('CONFIRMED', 'SUSPENDED')
    and ($2::uuid is null or unit_id = $2) and receipt_issued_at <= $3
    and ($4::timestamptz is null or (receipt_issued_at, registration_id) > ($4, $5))
order by receipt_issued_at, registration_id limit $6
"""
PENDING_IDS: Final = (
    "select registration_id from registrations where district = $1 and community_id = $2 and status = 'PENDING' order by 1 limit $3"
)
ACTIVE_OF_MEMBER: Final = """
select registration_id from registrations where district = $1 and member_id = $2 and status in ('PENDING', 'CONFIRMED', 'SUSPENDED')
"""
CORRECTIONS_OF_UNIT: Final = """
select c.member_id, m.member_no, m.name_sealed, c.field, c.value_sealed, c.status, c.requested_at, c.reason
from corrections c join member_directory m on m.district = c.district and m.member_id = c.member_id
where c.district = $1 and m.unit_id = $2 and c.status = 'REQUESTED' order by c.requested_at, m.member_no, c.field limit $3
"""
CORRECTIONS_OF: Final = """
select member_id, field, value_sealed, status, requested_at, reason from corrections where district = $1 and member_id = $2
order by requested_at, field
"""
MERGED_INTO: Final = "select member_id from member_directory where district = $1 and merged_into = $2 and not is_erased order by member_id"
TRANSFERS_TO: Final = """
select * from registrations
where district = $1 and transfer_to = $2 and status = 'CONFIRMED' and ($3::uuid is null or registration_id > $3)
order by registration_id limit $4
"""
RENEWALS_DUE: Final = """
select registration_id, member_id, unit_id, community_id, coalesce(renewed_on, reported_on) as last_on from registrations
where district = $1 and status = 'CONFIRMED' and ($2::uuid is null or community_id = $2) and ($3::uuid is null or unit_id = $3)
    and coalesce(renewed_on, reported_on) <= $4 and ($5::date is null or (coalesce(renewed_on, reported_on), registration_id) > ($5, $6))
order by last_on, registration_id limit $7
"""
REGISTER: Final = """
select r.registration_id, r.member_id, r.status, r.reported_on, m.member_no, m.name_sealed, m.skills, m.preferences, m.willingness,
    r.occupation_group, r.political_status, r.certificate_no, u.name as unit_name
from registrations r
join member_directory m on m.district = r.district and m.member_id = r.member_id
left join organisations u on u.district = r.district and u.organisation_id = r.unit_id
where r.district = $1 and r.community_id = $2 and r.status in ('PENDING', 'CONFIRMED', 'SUSPENDED')
    and ($3::text is null or (m.member_no, r.registration_id) > ($3, $4::uuid))
order by m.member_no, r.registration_id limit $5
"""
UNIT_LIST: Final = """
select m.member_id, m.member_no, m.name_sealed, m.occupation_group, m.political_status, m.residence_community_id, m.is_erased,
    c.certificate_no, r.registration_id, r.status as registration_status, r.community_id
from member_directory m
left join lateral (select certificate_no from certificates where district = m.district and member_id = m.member_id and status <> 'REVOKED'
    order by issued_at desc, certificate_id desc limit 1) c on true
left join lateral (select registration_id, status, community_id from registrations where district = m.district and member_id = m.member_id
    order by (status = 'CLOSED'), reported_on desc, registration_id desc limit 1) r on true
where m.district = $1 and m.unit_id = $2 and m.merged_into is null and ($3::text is null or m.member_no > $3)
order by m.member_no limit $4
"""
UNIT_MEMBER_IDS: Final = (
    "select member_id from member_directory where district = $1 and unit_id = $2 and not is_erased and merged_into is null "
    "order by member_no limit $3"
)
MEMBER: Final = """
select m.member_id, m.member_no, m.unit_id, u.name as unit_name, m.occupation_group, m.political_status, m.residence_community_id,
    m.name_sealed, m.citizen_number_sealed, m.phone_sealed, m.email_sealed, m.skills, m.preferences, m.willingness, m.is_erased, m.lost_on,
    m.merged_into
from member_directory m left join organisations u on u.district = m.district and u.organisation_id = m.unit_id
where m.district = $1 and m.member_id = $2
"""
CONSENTS: Final = "select purpose, text_version, given_at from consents where district = $1 and member_id = $2 order by purpose"
NAMED_IN_PUBLIC: Final = """
select m.member_id, m.name_sealed from member_directory m join consents c using (district, member_id)
where m.district = $1 and m.member_id = any($2) and c.purpose = 'PUBLIC_NAMING' and m.merged_into is null
"""
CELLS: Final = """
select r.community_id, r.occupation_group, count(*)::int as count from registrations r
where r.district = $1 and r.status in ('CONFIRMED', 'SUSPENDED') group by 1, 2 order by 1, 2
"""
COMMUNITIES: Final = (
    "select organisation_id, name from organisations where district = $1 and kind = 'COMMUNITY' and dissolved_on is null order by name"
)


class Certificate(BaseModel):
    """One liaison certificate; `status` ISSUED, USED or REVOKED."""

    certificate_id: UUID
    certificate_no: str
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    status: str


class CertificateCheck(BaseModel):
    """What anybody who holds the paper may learn: is it good, from whom, for where. Nothing about the member."""

    certificate_no: str
    is_valid: bool
    unit_name: str | None
    community_name: str | None


class CertificateVerification(BaseModel):
    """What the public check of a printed certificate says: `status` VALID, USED or REVOKED. Nothing about the member."""

    certificate_no: str
    status: str
    unit_name: str | None
    community_name: str | None


class Registration(BaseModel):
    """One registration, pseudonymous; `status` PENDING, CONFIRMED, SUSPENDED, RETURNED or CLOSED."""

    registration_id: UUID
    member_id: UUID
    certificate_id: UUID
    certificate_no: str
    unit_id: UUID
    community_id: UUID
    occupation_group: OccupationGroup
    political_status: PoliticalStatus
    status: str
    reported_on: date
    receipt_no: str | None
    receipt_acknowledged: bool
    renewed_on: date | None
    closed_on: date | None
    reason: str | None
    transfer_to: UUID | None
    transferred_to: UUID | None


class RenewalDue(BaseModel):
    """A registration whose member has not confirmed profile and willingness for long; `last_on`: when last, or when registered."""

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    last_on: date


class OutstandingReceipt(BaseModel):
    """A receipt the work unit has not acknowledged yet."""

    registration_id: UUID
    member_id: UUID
    unit_id: UUID
    community_id: UUID
    receipt_no: str
    issued_at: datetime


class Consent(BaseModel):
    """One purpose the member agreed to."""

    purpose: ConsentPurpose
    text_version: str
    given_at: datetime


class Count(BaseModel):
    """One number of the report; None: too small to be published."""

    community_id: UUID | None = None
    name: str | None = None
    occupation_group: OccupationGroup | None = None
    count: int | None


class RegistrantReport(BaseModel):
    """R1: registrants (confirmed or suspended registrations) by community × occupation group, on the community's axis."""

    total: int
    by_community: list[Count]
    by_occupation: list[Count]
    cells: list[Count]


async def member_numbers(tx: asyncpg.Connection, district: str, member_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Printable numbers of these members."""
    return {row["member_id"]: row["member_no"] for row in await tx.fetch(MEMBER_NUMBERS, district, member_ids)}


async def certificates(tx: asyncpg.Connection, district: str, scope: "Scope", after: str | None, limit: int) -> Page[Certificate]:
    """Certificates of a unit, community or member, by number."""
    cursor = decode_cursor(after, 1) or (None,)
    rows = await tx.fetch(CERTIFICATES, district, scope.unit_id, scope.community_id, scope.member_id, *cursor, limit + 1)
    return page_of([Certificate(**row) for row in rows], limit, lambda item: (item.certificate_no,))


async def certificate_by_number(tx: asyncpg.Connection, district: str, number: str) -> asyncpg.Record | None:
    """The certificate with this printed number, with the names of unit and community."""
    return await tx.fetchrow(CERTIFICATE_BY_NUMBER, district, number)


class Scope(BaseModel):
    """Whose papers a list shows."""

    unit_id: UUID | None = None
    community_id: UUID | None = None
    member_id: UUID | None = None


async def registrations(
    tx: asyncpg.Connection, district: str, scope: Scope, status: str | None, page: tuple[str | None, int]
) -> Page[Registration]:
    """Registrations of a unit, community or member; `page` is (cursor, limit)."""
    after, limit = page
    cursor = decode_cursor(after, 1) or (None,)
    rows = await tx.fetch(REGISTRATIONS, district, scope.community_id, scope.unit_id, scope.member_id, status, *cursor, limit + 1)
    return page_of([Registration(**row) for row in rows], limit, lambda item: (item.registration_id,))


async def registration(tx: asyncpg.Connection, district: str, registration_id: UUID) -> Registration | None:
    """One registration."""
    row = await tx.fetchrow(REGISTRATION, district, registration_id)
    return None if row is None else Registration(**row)


async def active_registrations(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """Registrations of a member that are not over; by the invariant at most one."""
    return [row[0] for row in await tx.fetch(ACTIVE_OF_MEMBER, district, member_id)]


async def corrections_of_unit(tx: asyncpg.Connection, district: str, unit_id: UUID, limit: int) -> list[asyncpg.Record]:
    """Fields that members of a unit say are wrong, sealed, longest waiting first."""
    return await tx.fetch(CORRECTIONS_OF_UNIT, district, unit_id, limit)


async def corrections_of(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[asyncpg.Record]:
    """What a member said is wrong and what became of it, sealed."""
    return await tx.fetch(CORRECTIONS_OF, district, member_id)


async def merged_into(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[UUID]:
    """Entries given up for this member, with data that can still be read."""
    return [row[0] for row in await tx.fetch(MERGED_INTO, district, member_id)]


async def transfers_to(tx: asyncpg.Connection, district: str, community_id: UUID, after: str | None, limit: int) -> Page[Registration]:
    """Registrations that are to move to this community."""
    cursor = decode_cursor(after, 1) or (None,)
    rows = await tx.fetch(TRANSFERS_TO, district, community_id, *cursor, limit + 1)
    return page_of([Registration(**row) for row in rows], limit, lambda item: (item.registration_id,))


async def renewals_due(
    tx: asyncpg.Connection, district: str, scope: Scope, last_until: date, page: tuple[str | None, int]
) -> Page[RenewalDue]:
    """Confirmed registrations last renewed, or made, until that day, oldest first; `page` is (cursor, limit)."""
    after, limit = page
    cursor = decode_cursor(after, 2)
    since: tuple[Any, Any] = (None, None) if cursor is None else (date.fromisoformat(cursor[0]), cursor[1])
    rows = await tx.fetch(RENEWALS_DUE, district, scope.community_id, scope.unit_id, last_until, *since, limit + 1)
    return page_of([RenewalDue(**row) for row in rows], limit, lambda item: (item.last_on, item.registration_id))


async def pending_ids(tx: asyncpg.Connection, district: str, community_id: UUID, limit: int) -> list[UUID]:
    """Registrations a community has not answered."""
    return [row[0] for row in await tx.fetch(PENDING_IDS, district, community_id, limit)]


async def outstanding_receipts(
    tx: asyncpg.Connection, district: str, unit_id: UUID | None, issued_until: datetime, page: tuple[str | None, int]
) -> Page[OutstandingReceipt]:
    """Receipts not acknowledged, oldest first; `page` is (cursor, limit)."""
    after, limit = page
    cursor = decode_cursor(after, 2)
    since: tuple[Any, Any] = (None, None) if cursor is None else (datetime.fromisoformat(cursor[0]), cursor[1])
    rows = await tx.fetch(OUTSTANDING, district, unit_id, issued_until, *since, limit + 1)
    return page_of([OutstandingReceipt(**row) for row in rows], limit, lambda item: (item.issued_at.isoformat(), item.registration_id))


async def register_rows(
    tx: asyncpg.Connection, district: str, community_id: UUID, cursor: Sequence[str] | None, limit: int
) -> list[asyncpg.Record]:
    """Rows of a community's register, sealed."""
    return await tx.fetch(REGISTER, district, community_id, *(cursor or (None, None)), limit)


async def unit_rows(tx: asyncpg.Connection, district: str, unit_id: UUID, cursor: Sequence[str] | None, limit: int) -> list[asyncpg.Record]:
    """Rows of a unit's list, sealed."""
    return await tx.fetch(UNIT_LIST, district, unit_id, *(cursor or (None,)), limit)


async def unit_member_ids(tx: asyncpg.Connection, district: str, unit_id: UUID, limit: int) -> list[UUID]:
    """Members on a unit's roster."""
    return [row[0] for row in await tx.fetch(UNIT_MEMBER_IDS, district, unit_id, limit)]


async def member(tx: asyncpg.Connection, district: str, member_id: UUID) -> asyncpg.Record | None:
    """One member, sealed."""
    return await tx.fetchrow(MEMBER, district, member_id)


async def consents(tx: asyncpg.Connection, district: str, member_id: UUID) -> list[Consent]:
    """What the member agreed to."""
    return [Consent(**row) for row in await tx.fetch(CONSENTS, district, member_id)]


async def named_in_public(tx: asyncpg.Connection, district: str, member_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """Sealed names of those who agree to be named in public."""
    return await tx.fetch(NAMED_IN_PUBLIC, district, member_ids)


async def registrant_report(tx: asyncpg.Connection, district: str, *, is_public: bool) -> RegistrantReport:
    """R1; for the public small counts are hidden (guard rail G12)."""
    counts = {(row["community_id"], OccupationGroup(row["occupation_group"])): row["count"] for row in await tx.fetch(CELLS, district)}
    names = {row["organisation_id"]: row["name"] for row in await tx.fetch(COMMUNITIES, district)}
    table: dict[tuple[UUID | None, OccupationGroup | None], int] = {**counts}
    table |= {(each, None): sum(count for (community_id, _), count in counts.items() if community_id == each) for each in names}
    table |= {(None, each): sum(count for (_, group), count in counts.items() if group is each) for each in OccupationGroup}
    shown = suppressed(table) if is_public else table
    return RegistrantReport(
        total=sum(counts.values()),
        by_community=[Count(community_id=each, name=names[each], count=shown[each, None]) for each in names],
        by_occupation=[Count(occupation_group=each, count=shown[None, each]) for each in OccupationGroup],
        cells=[
            Count(community_id=community_id, name=names.get(community_id), occupation_group=group, count=shown[community_id, group])
            for community_id, group in counts
        ],
    )
