"""What handouts consists of."""

from typing import Final

from services.evaluation.handouts import api
from services.evaluation.handouts.projections import PROJECTIONS
from services.evaluation.handouts.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("handouts", routers=(api.router,), projections=PROJECTIONS, reactions=REACTIONS, performers=PERFORMERS)
