"""HTTP of what leaves the service: the outcomes of a period, and confirmed records for other volunteer systems (data items of MZ/T 061).

Invariant: only fields we hold, members by number; every cell is text and none is read as a formula.
"""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from services.activities.access import allow, report_scope
from services.activities.exports import queries
from services.activities.exports.queries import ExportRow
from services.activities.records.outcomes import OutcomeTotal, Precision, totals
from shared.calendar.local_time import CHINA
from shared.http.answers import Malformed
from shared.http.endpoints import Call
from shared.papers.workbooks import WORKBOOK, Sheet, disarmed, workbook_answer
from shared.texts import text

router = APIRouter()
COLUMNS: Final = (
    *("volunteer_no", "record_no", "project", "post", "recipient_type", "content", "place", "starts_at", "ends_at", "hours"),
    *("record_method", "person_in_charge", "recorder", "confirmed_by"),
)


class OutcomeLine(BaseModel):
    """A sum as a figure and in words (1020余条)."""

    metric: str
    unit: str
    number: Decimal
    precision: Precision
    parts: int
    zh: str
    en: str


class OutcomeReport(BaseModel):
    """What came of the activities of a period."""

    community_id: UUID | None
    first_day: date
    last_day: date
    items: list[OutcomeLine]


def days(first_day: date, last_day: date) -> tuple[date, date]:
    """Read the period from the query. Raises Malformed when it runs backwards."""
    if last_day < first_day:
        raise Malformed(last_day="on or after first_day")
    return first_day, last_day


Days = Annotated[tuple[date, date], Depends(days)]


@router.get("/reports/outcomes")
async def outcome_report(
    call: Annotated[Call, Depends(allow("see_reports"))], period: Days, community_id: UUID | None = None
) -> OutcomeReport:
    """Sums of what confirmed service brought about; approximate figures stay approximate (余, 近)."""
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        found = await queries.outcomes(tx, call.district, community_id, period)
    lines = [outcome_line(each) for each in totals(found)]
    return OutcomeReport(community_id=community_id, first_day=period[0], last_day=period[1], items=lines)


def outcome_line(total: OutcomeTotal) -> OutcomeLine:
    """A sum as people read it."""
    number = f"{total.number.normalize():f}"
    zh, en = f"{number}{total.unit}", f"{number} {total.unit}"
    if total.precision is not Precision.EXACT:
        words = text("activities", "labels", f"outcome_{total.precision.lower()}", number=number, unit=total.unit)
        zh, en = words.zh, words.en
    return OutcomeLine(
        metric=total.metric, unit=total.unit, number=total.number, precision=total.precision, parts=total.parts, zh=zh, en=en
    )


@router.get("/exports/service-records.csv")
async def export_csv(call: Annotated[Call, Depends(allow("export_records"))], period: Days, community_id: UUID | None = None) -> Response:
    """Confirmed records as CSV (UTF-8 with BOM), with the data items of MZ/T 061 that we hold."""
    target = io.StringIO()
    csv.writer(target).writerows([headers(), *([disarmed(cell) for cell in row] for row in await _rows(call, period, community_id))])
    named = {"Content-Disposition": 'attachment; filename="service-records.csv"'}
    return Response(target.getvalue().encode("utf-8-sig"), media_type="text/csv", headers=named)


@router.get("/exports/service-records.xlsx", response_class=Response, responses=WORKBOOK)
async def export_xlsx(call: Annotated[Call, Depends(allow("export_records"))], period: Days, community_id: UUID | None = None) -> Response:
    """Confirmed records as workbook of text cells, with the data items of MZ/T 061 that we hold."""
    sheet = Sheet(text("activities", "labels", "mapping_service_times").zh, headers(), await _rows(call, period, community_id))
    return await workbook_answer("service-records", [sheet])


async def _rows(call: Call, period: tuple[date, date], community_id: UUID | None) -> list[list[str]]:
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        found = await queries.export_rows(tx, call.district, community_id, period)
    return [cells(each) for each in found]


def headers() -> list[str]:
    """Column names as other systems know them."""
    return [text("activities", "labels", f"export_{column}").zh for column in COLUMNS]


def cells(row: ExportRow) -> list[str]:
    """One record as text cells, in the order of COLUMNS."""
    values = (
        *(row.member_no or row.member_id, row.record_no, row.activity_name, row.post_id or "", row.recipient_type, row.content, row.place),
        *(f"{each.astimezone(CHINA):%Y-%m-%d %H:%M}" for each in (row.starts_at, row.ends_at)),
        *(f"{Decimal(row.minutes) / 60:.2f}", row.evidence_level, row.person_in_charge, row.recorder, row.decided_by or ""),
    )
    return [str(value) for value in values]
