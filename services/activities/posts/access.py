"""Which posts a caller may act on. A post that is unknown in this district is answered with 404."""

from uuid import UUID

from services.activities.posts.post import SERVICE_POST
from services.activities.posts.state import KnownPost, PostTerms, Unproposed
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call


async def known_post(call: Call, post_id: UUID) -> KnownPost:
    """Return a post of this district. Raises NotFound."""
    state = await call.state(SERVICE_POST, post_id)
    if isinstance(state, Unproposed):
        raise NotFound
    return state


async def own_post(call: Call, post_id: UUID) -> KnownPost:
    """Return a post of a community the caller acts for."""
    state = await known_post(call, post_id)
    call.principal.require_organisation(state.terms.community_id)
    return state


async def post_of_community(call: Call, post_id: UUID, community_id: UUID) -> PostTerms:
    """Return the terms of a post that something of the same community refers to. Raises Malformed naming the field."""
    state = await call.state(SERVICE_POST, post_id)
    if isinstance(state, Unproposed) or state.terms.community_id != community_id:
        raise Malformed(post_id="a post of this community")
    return state.terms
