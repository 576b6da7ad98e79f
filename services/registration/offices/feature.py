"""What the feature offices offers to the service."""

from typing import Final

from services.registration.offices import api
from services.registration.offices.projections import PROJECTIONS
from services.registration.offices.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("offices", routers=(api.router,), projections=PROJECTIONS, reactions=REACTIONS, performers=PERFORMERS)
