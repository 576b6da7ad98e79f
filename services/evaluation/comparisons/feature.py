"""What comparisons consists of."""

from typing import Final

from services.evaluation.comparisons import api
from shared.feature import Feature

FEATURE: Final = Feature("comparisons", routers=(api.router,))
