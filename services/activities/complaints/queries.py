"""Complaints as those who complained and those who answer see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.complaints import ComplainedOf, ComplaintDesk, ComplaintKind, ComplaintOutcome

# $2 desks of the caller, $3 the caller as a member, $4 units and communities the caller acts for.
COMPLAINTS: Final = """
SELECT complaint_id, kind, about, organisation_id, content AS text, lodged_at, desk, upper_desk, answer_by, outcome, answer,
       CASE WHEN outcome IS NULL THEN 'OPEN' ELSE 'ANSWERED' END AS status, outcome IS NULL AND answer_by < $8 AS is_overdue,
       coalesce(member_id = $3 OR coalesce(unit_id, community_id) = ANY($4), false) AS is_own
FROM complaints
WHERE district = $1
  AND (((desk = ANY($2) OR upper_desk = ANY($2)) AND coalesce(organisation_id <> ALL($4), true))  -- whoever is meant does not answer
       OR member_id = $3 OR coalesce(unit_id, community_id) = ANY($4))
  AND ($5::boolean IS NULL OR $5 = (outcome IS NULL)) AND ($6::uuid IS NULL OR complaint_id > $6)
  AND (NOT $7 OR (outcome IS NULL AND answer_by < $8))
ORDER BY complaint_id LIMIT $9
"""
IS_KNOWN: Final = "SELECT EXISTS (SELECT FROM registrants WHERE district = $1 AND $2 IN (unit_id, community_id))"


class ComplaintView(BaseModel):
    """A complaint; who lodged it is not shown to those who answer; `is_own` shows it to whoever lodged it."""

    complaint_id: UUID
    kind: ComplaintKind
    about: ComplainedOf
    organisation_id: UUID | None
    text: str
    lodged_at: datetime
    desk: ComplaintDesk
    upper_desk: ComplaintDesk | None
    answer_by: date
    status: str
    is_overdue: bool
    is_own: bool
    outcome: ComplaintOutcome | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class ComplaintFilter:
    """Whose complaints, and which of them."""

    desks: Sequence[ComplaintDesk]
    member_id: UUID | None
    organisations: Sequence[UUID]
    is_open: bool | None
    after: UUID | None
    only_overdue: bool
    today: date
    limit: int


async def complaints(tx: asyncpg.Connection, district: str, wanted: ComplaintFilter) -> list[ComplaintView]:
    """Complaints the caller lodged or answers, in order of their ids, one more than `limit` when there are more."""
    whose = (list(wanted.desks), wanted.member_id, list(wanted.organisations))
    which = (wanted.is_open, wanted.after, wanted.only_overdue, wanted.today, wanted.limit + 1)
    return [ComplaintView.model_validate(dict(row)) for row in await tx.fetch(COMPLAINTS, district, *whose, *which)]


async def is_known(tx: asyncpg.Connection, district: str, organisation_id: UUID) -> bool:
    """Whether somebody of this district belongs to this unit or community."""
    return await tx.fetchval(IS_KNOWN, district, organisation_id)
