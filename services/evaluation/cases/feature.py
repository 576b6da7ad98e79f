"""What cases consists of."""

from typing import Final

from services.evaluation.cases import api, desk
from services.evaluation.cases.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("cases", routers=(api.router, desk.router), projections=PROJECTIONS)
