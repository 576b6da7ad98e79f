"""What responsibility areas and household groups offer to the service."""

from typing import Final

from services.activities.neighbourhoods import api
from services.activities.neighbourhoods.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("neighbourhoods", (api.router,), PROJECTIONS)
