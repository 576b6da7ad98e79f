"""What members offer to the service. The last of the features: following a merge changes rows of all of them."""

from typing import Final

from services.activities.members import api, own_copy
from services.activities.members.projections import PROJECTIONS
from services.activities.members.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature(
    "members", routers=(api.router, own_copy.router), projections=PROJECTIONS, reactions=REACTIONS, performers=PERFORMERS
)
