"""What hearings consists of."""

from typing import Final

from services.evaluation.hearings import api
from services.evaluation.hearings.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("hearings", routers=(api.router,), projections=PROJECTIONS)
