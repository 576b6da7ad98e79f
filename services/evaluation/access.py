"""What all routes share: actions, parameters, paging, the business day, and for which unit or community somebody may ask."""

from datetime import date
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.evaluation import scorebook
from services.evaluation.policy import COMMUNITY, OVERVIEW, POLICY, UNIT
from services.evaluation.scoring.facts import Period
from shared.calendar.local_time import local_day
from shared.http.answers import NotFound
from shared.http.endpoints import MOST_ITEMS, Call, allow_by
from shared.http.paging import decode_cursor
from shared.identity import Forbidden

allow = allow_by(POLICY)

After = Annotated[str | None, Query(description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=MOST_ITEMS)]
DEFAULT_LIMIT: Final = 50
APPEAL_DAYS: Final = 15  # working days to appeal after publication or restatement
UnitId = Annotated[UUID | None, Query(description="only this unit")]
CommunityId = Annotated[UUID | None, Query(description="only this community")]
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MEMBER_PATH: Final = "/periods/{period_id}/members/{member_id}"  # the case of one member in one period


class Body(BaseModel):
    """Body of a request; a misspelt field is refused."""

    model_config = ConfigDict(extra="forbid")


def position(after: str | None) -> UUID | None:
    """The id after which a page begins. Raises Malformed."""
    parts = decode_cursor(after, (UUID,))
    return parts and parts[0]


def today(call: Call) -> date:
    """The business day in China."""
    return local_day(call.now)


async def period_of(call: Call, period_id: UUID) -> Period:
    """The period. Raises NotFound."""
    async with call.read() as tx:
        period = await scorebook.load_period(tx, call.district, period_id)
    if period is None:
        raise NotFound
    return period


def require_scope(call: Call, unit_id: UUID | None, community_id: UUID | None) -> None:
    """Raise Forbidden unless the caller oversees the district or acts for the one unit or community asked about."""
    if call.principal.has_any(OVERVIEW):
        return
    as_unit = unit_id is not None and call.principal.has_any(UNIT) and unit_id in call.principal.organisations
    as_community = community_id is not None and call.principal.has_any(COMMUNITY) and community_id in call.principal.organisations
    if not (as_unit or as_community):
        message = "name the unit or community you act for"
        raise Forbidden(message)
