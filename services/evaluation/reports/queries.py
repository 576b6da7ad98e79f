"""Feedback reports, for the member, the unit and the community."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

REPORTS: Final = """
SELECT report_id, member_id, community_id, unit_id, year, quarter, activities, minutes, remark, comment, comment_until, status
FROM feedback_reports WHERE district = $1 AND ($2::uuid IS NULL OR report_id = $2) AND ($3::uuid[] IS NULL OR member_id = ANY($3))
  AND ($4::uuid IS NULL OR (unit_id = $4 AND status IN ('SENT', 'ACKNOWLEDGED'))) AND ($5::uuid IS NULL OR community_id = $5)
  AND ($6::uuid IS NULL OR report_id > $6) ORDER BY report_id LIMIT $7
"""


class ReportView(BaseModel):
    """A quarterly report."""

    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    year: int
    quarter: int
    activities: int
    minutes: int
    remark: str
    comment: str | None
    comment_until: date
    status: str


async def reports(
    tx: asyncpg.Connection,
    district: str,
    report_id: UUID | None,
    of: tuple[Sequence[UUID] | None, UUID | None, UUID | None],
    page: tuple[UUID | None, int],
) -> list[ReportView]:
    """Reports on a member (all ids), to a unit (only what was sent) and by a community, as far as given in `of`. `page`: (after, limit)."""
    return [ReportView(**row) for row in await tx.fetch(REPORTS, district, report_id, *of, page[0], page[1] + 1)]
