"""What suggestions and practical matters offer to the service."""

from typing import Final

from services.activities.suggestions import api
from services.activities.suggestions.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("suggestions", (api.router,), PROJECTIONS)
