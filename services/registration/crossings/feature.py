"""What the feature crossings offers to the service."""

from typing import Final

from services.registration.crossings import api
from services.registration.crossings.projections import PROJECTIONS
from services.registration.crossings.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("crossings", routers=(api.router,), projections=PROJECTIONS, reactions=REACTIONS, performers=PERFORMERS)
