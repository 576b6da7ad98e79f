"""What residents' needs offer to the service."""

from typing import Final

from services.activities.needs import api
from services.activities.needs.projections import PROJECTIONS
from services.activities.needs.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("needs", (api.router,), PROJECTIONS, REACTIONS, PERFORMERS)
