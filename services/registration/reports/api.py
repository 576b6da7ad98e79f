"""What is outstanding or due, and how many registrants there are.

Invariant: nobody is named.
"""

from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.registration.access import Scope, require_own, require_unit
from services.registration.exports import exported
from services.registration.inputs import Cursor, Limit
from services.registration.policy import ADMINISTRATION, DISTRICT, allow
from services.registration.registrations import queries as registrations
from services.registration.registrations.queries import OutstandingReceipt
from services.registration.reports import queries
from shared.calendar.local_time import local_day
from shared.http.endpoints import Call
from shared.http.paging import Page
from shared.identity import Forbidden

router = APIRouter(tags=["lists"])
HALF_A_YEAR: Final = 183


@exported(router, "/receipts/outstanding", "outstanding_receipts")
async def outstanding_receipts(
    call: Annotated[Call, Depends(allow("list_outstanding_receipts"))],
    unit_id: UUID | None = None,
    older_than_days: Annotated[int, Query(ge=0, le=3650)] = 0,
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[OutstandingReceipt]:
    """Receipts no unit has acknowledged, oldest first: a unit's own, or the district's."""
    if not call.principal.has_any(DISTRICT):
        if unit_id is None:
            message = "name your unit"
            raise Forbidden(message)
        require_unit(call, unit_id)
    async with call.read() as tx:
        until = call.now - timedelta(days=older_than_days)
        return await registrations.outstanding_receipts(tx, call.district, unit_id, until, (after, limit))


@exported(router, "/renewals/due", "renewals_due")
async def renewals_due(
    call: Annotated[Call, Depends(allow("list_renewals_due"))],
    scope: Annotated[Scope, Depends()],
    older_than_days: Annotated[int, Query(ge=0, le=3650)] = HALF_A_YEAR,
    after: Cursor = None,
    limit: Limit = 100,
) -> Page[queries.RenewalDue]:
    """Registrations that the half-yearly renewal is missing for, longest first: a unit's, a community's, or the district's."""
    if not call.principal.has_any(DISTRICT):
        require_own(call, scope)
    async with call.read() as tx:
        until = local_day(call.now) - timedelta(days=older_than_days)
        return await queries.renewals_due(tx, call.district, scope, until, (after, limit))


@exported(router, "/reports/registrants", "registrant_report", without=["community_id"])
async def registrant_report(call: Annotated[Call, Depends(allow("report_registrants"))]) -> queries.RegistrantReport:
    """R1: registrants by community × occupation group. Outside the administration small counts are hidden."""
    async with call.read() as tx:
        return await queries.registrant_report(tx, call.district, is_public=not call.principal.has_any(ADMINISTRATION))
