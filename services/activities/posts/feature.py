"""What posts offer to the service."""

from typing import Final

from services.activities.posts import api
from services.activities.posts.post import SERVICE_POST
from services.activities.posts.projections import PROJECTIONS
from services.activities.posts.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "posts",
    routers=(api.router,),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(MemberRows("post_claims", aggregate=SERVICE_POST, stream="post_id"),),
)
