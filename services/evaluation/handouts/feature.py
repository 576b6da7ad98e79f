"""What handouts consists of."""

from typing import Final

from services.evaluation.handouts import api
from services.evaluation.handouts.projections import PROJECTIONS
from services.evaluation.handouts.reactions import PERFORMERS, REACTIONS
from services.evaluation.membership.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature(
    "handouts",
    routers=(api.router,),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(of_member("exports"),),
)
