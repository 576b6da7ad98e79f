"""What periods consists of."""

from typing import Final

from services.evaluation.periods import api
from services.evaluation.periods.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("periods", routers=(api.router,), projections=PROJECTIONS)
