"""What help pairings offer to the service."""

from typing import Final

from services.activities.pairings import api
from services.activities.pairings.projections import PROJECTIONS
from services.activities.pairings.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("pairings", (api.router,), PROJECTIONS, REACTIONS, PERFORMERS)
