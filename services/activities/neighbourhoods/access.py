"""Which responsibility areas something else may refer to."""

from uuid import UUID

from services.activities.neighbourhoods.area import AREA, Drawn
from shared.http.answers import Malformed
from shared.http.endpoints import Call


async def require_area_of_community(call: Call, area_id: UUID, community_id: UUID) -> None:
    """Raise Malformed naming the field unless it is an open area of this community."""
    area = await call.state(AREA, area_id)
    if not isinstance(area, Drawn) or area.drawn.community_id != community_id:
        raise Malformed(area_id="an area of this community")
