"""Which activities a caller may act on. An activity that is unknown in this district is answered with 404."""

from uuid import UUID

from services.activities.gatherings.activity import ACTIVITY
from services.activities.gatherings.state import KnownActivity, Unplanned
from shared.http.answers import NotFound
from shared.http.endpoints import Call


async def known_activity(call: Call, activity_id: UUID) -> KnownActivity:
    """Return an activity of this district. Raises NotFound."""
    state = await call.state(ACTIVITY, activity_id)
    if isinstance(state, Unplanned):
        raise NotFound
    return state


async def own_activity(call: Call, activity_id: UUID) -> KnownActivity:
    """Return an activity of a community the caller acts for."""
    state = await known_activity(call, activity_id)
    call.principal.require_organisation(state.plan.community_id)
    return state
