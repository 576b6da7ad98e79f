"""What series offer to the service."""

from typing import Final

from services.activities.series import api, rotas
from services.activities.series.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("series", routers=(api.router, rotas.router), projections=PROJECTIONS)
