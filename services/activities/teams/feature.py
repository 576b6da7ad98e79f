"""What teams offer to the service."""

from typing import Final

from services.activities.teams import api
from services.activities.teams.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("teams", (api.router,), PROJECTIONS)
