"""Which needs something else may refer to."""

from uuid import UUID

from services.activities.needs.need import NEED
from services.activities.needs.state import Public
from shared.http.answers import Malformed
from shared.http.endpoints import Call


async def require_need_of_community(call: Call, need_id: UUID, community_id: UUID) -> None:
    """Raise Malformed naming the field unless it is a published need of this community."""
    need = await call.state(NEED, need_id)
    if not isinstance(need, Public) or need.recorded.community_id != community_id:
        raise Malformed(need_id="a published need of this community")
