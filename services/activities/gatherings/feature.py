"""What gatherings offer to the service."""

from typing import Final

from services.activities.gatherings import api
from services.activities.gatherings.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("gatherings", routers=(api.router,), projections=PROJECTIONS)
