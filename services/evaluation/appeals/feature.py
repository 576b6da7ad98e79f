"""What appeals consists of."""

from typing import Final

from services.evaluation.appeals import api
from services.evaluation.appeals.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("appeals", routers=(api.router,), projections=PROJECTIONS)
