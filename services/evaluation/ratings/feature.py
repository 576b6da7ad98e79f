"""What ratings consists of."""

from typing import Final

from services.evaluation.ratings import api
from shared.feature import Feature

FEATURE: Final = Feature("ratings", routers=(api.router,))
