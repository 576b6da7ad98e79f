"""What the district's modules offer to the service."""

from typing import Final

from services.activities.modules import api
from services.activities.modules.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("modules", (api.router,), PROJECTIONS)
