"""What the feature stories offers to the service."""

from typing import Final

from services.registration.members.rows import of_member
from services.registration.stories import api
from services.registration.stories.projections import PROJECTIONS
from services.registration.stories.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature(
    "stories",
    routers=(api.router,),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(of_member("stories"),),
)
