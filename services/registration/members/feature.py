"""What the feature members offers to the service."""

from typing import Final

from services.registration.members import api
from services.registration.members.projections import PROJECTIONS
from services.registration.members.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("members", routers=(api.router,), projections=PROJECTIONS, reactions=REACTIONS, performers=PERFORMERS)
