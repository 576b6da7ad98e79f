"""HTTP of the mapping export (by the names of MZ/T 061-2015): volunteers, groups, projects, service times, certificates.

Invariant: purpose and recipient are stated and written into the file; no name leaves, and no field that we do not hold is invented.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from services.activities.access import allow, report_scope
from services.activities.exports import queries
from services.activities.exports.api import Days
from shared.calendar.local_time import CHINA
from shared.http.endpoints import Call
from shared.papers.workbooks import WORKBOOK, Sheet, workbook_answer
from shared.texts import text

router = APIRouter()
STANDARD: Final = "MZ/T 061-2015 (mapping of the fields held)"
Stated = Annotated[str, Query(min_length=2, max_length=120)]


class MappingExport(BaseModel):
    """The tables by their English keys; the workbook carries the Chinese headings."""

    standard: str
    first_day: date
    last_day: date
    purpose: str
    recipient: str
    exported_by: str
    tables: dict[str, list[dict[str, Any]]]


async def _export(call: Call, period: tuple[date, date], community_id: UUID | None, purpose: str, recipient: str) -> MappingExport:
    report_scope(call.principal, community_id)
    async with call.read() as tx:
        tables = await queries.tables(tx, call.district, community_id, period)
    return MappingExport(
        standard=STANDARD,
        first_day=period[0],
        last_day=period[1],
        purpose=purpose,
        recipient=recipient,
        exported_by=call.principal.subject,
        tables=tables,
    )


@router.get("/exports/volunteer-data.json")
async def export_json(
    call: Annotated[Call, Depends(allow("export_records"))],
    period: Days,
    purpose: Stated,
    recipient: Stated,
    community_id: UUID | None = None,
) -> MappingExport:
    """All tables as JSON, for the purpose and recipient that are stated."""
    return await _export(call, period, community_id, purpose, recipient)


@router.get("/exports/volunteer-data.xlsx", response_class=Response, responses=WORKBOOK)
async def export_workbook(
    call: Annotated[Call, Depends(allow("export_records"))],
    period: Days,
    purpose: Stated,
    recipient: Stated,
    community_id: UUID | None = None,
) -> Response:
    """All tables as workbook, one sheet each; every cell is text."""
    export = await _export(call, period, community_id, purpose, recipient)
    about = [[_word(name), str(value)] for name, value in export.model_dump(exclude={"tables"}).items()]
    tables = [_sheet(name, rows) for name, rows in export.tables.items()]
    return await workbook_answer("volunteer-data", [Sheet(_word("about"), (), about), *tables])


def _sheet(name: str, rows: list[dict[str, Any]]) -> Sheet:
    columns = [_word(column) for column in rows[0]] if rows else []
    return Sheet(_word(name), columns, [[_cell(value) for value in row.values()] for row in rows])


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"
        case Decimal():
            return f"{value:.2f}"
        case _:
            return str(value)


def _word(name: str) -> str:
    return text("activities", "labels", f"mapping_{name}").zh
