"""Members whom the district knows and a roster tells otherwise: each difference, with the command that makes it where the caller may.

Invariant: a roster changes nobody by itself; what another unit's member is called or how to reach them is compared for nobody else.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.registration.personal_fields import key
from services.registration.policy import DISTRICT, UNIT
from services.registration.rosters.row_reader import RosterRow
from services.registration.vault.access import record_access, vault_of
from services.registration.vault.keys import KeyRing
from shared.http.endpoints import Call
from shared.texts import text

KNOWN: Final = """
SELECT member_id, member_no, unit_id, political_status, residence_community_id, name_sealed, phone_sealed, email_sealed
FROM member_directory WHERE district = $1 AND member_id = ANY($2) AND NOT is_erased AND merged_into IS NULL
"""
DifferingField = Literal["name", "unit", "political_status", "phone", "email", "community"]
SEALED: Final = frozenset({"name", "phone", "email"})


class OfferedCommand(BaseModel):
    """A request that the caller may make to have it as the roster says."""

    method: Literal["POST"] = "POST"
    path: str
    body: dict[str, Any]


class Difference(BaseModel):
    """What a roster says otherwise of a known member. Without `command`, the reason says who can change it."""

    sheet: str
    row: int
    member_id: UUID
    member_no: str
    field: DifferingField
    reason_zh: str
    reason_en: str
    command: OfferedCommand | None = None


async def differences(call: Call, known: Sequence[tuple[RosterRow, UUID]]) -> list[Difference]:
    """What differs, in the order of the roster. Telling somebody's name or telephone from another is on record."""
    if not known:
        return []
    ids = [member_id for _, member_id in known]
    async with call.read() as tx:
        members = {row["member_id"]: row for row in await tx.fetch(KNOWN, call.district, ids)}
    ring = await vault_of(call).key_ring(call.district, ids)
    found = [
        _told(call, row, members[member_id], field)
        for row, member_id in known
        if member_id in members
        for field in _differing(call, row, members[member_id], ring)
    ]
    await record_access(call, sorted({each.member_id for each in found if each.field in SEALED}), "roster")
    return found


def _differing(call: Call, row: RosterRow, member: asyncpg.Record, ring: KeyRing) -> Iterator[DifferingField]:
    if row.unit_id != member["unit_id"]:
        yield "unit"
    if not (call.principal.has_any(DISTRICT) or member["unit_id"] in call.principal.organisations):
        return
    who = member["member_id"]
    if row.political_status != member["political_status"]:
        yield "political_status"
    name, phone, email = (ring.open(who, field, member[f"{field}_sealed"]) for field in ("name", "phone", "email"))
    if key(row.name) != key(name or ""):
        yield "name"
    if row.phone is not None and row.phone != phone:
        yield "phone"
    if row.email is not None and row.email.casefold() != (email or "").casefold():
        yield "email"
    if row.community_id is not None and row.community_id != member["residence_community_id"]:
        yield "community"


def _told(call: Call, row: RosterRow, member: asyncpg.Record, field: DifferingField) -> Difference:
    command = _command(call, row, member, field)
    reason = text("registration", "labels", f"roster_differs_{field}")
    return Difference(
        sheet=row.sheet,
        row=row.row,
        member_id=member["member_id"],
        member_no=member["member_no"],
        field=field,
        reason_zh=reason.zh,
        reason_en=reason.en,
        command=command,
    )


def _command(call: Call, row: RosterRow, member: asyncpg.Record, field: DifferingField) -> OfferedCommand | None:
    acts_for_unit = call.principal.has_any(UNIT) and member["unit_id"] in call.principal.organisations
    if field == "unit" and (acts_for_unit or call.principal.has_any(DISTRICT)):
        return OfferedCommand(path=f"/members/{member['member_id']}/work-unit", body={"unit_id": str(row.unit_id)})
    if field == "political_status" and acts_for_unit:
        return OfferedCommand(
            path=f"/members/{member['member_id']}/political-status", body={"political_status": row.political_status.value}
        )
    return None
