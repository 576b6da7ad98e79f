"""What the feature communities offers to the service."""

from typing import Final

from services.registration.communities import api
from services.registration.communities.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("communities", routers=(api.router,), projections=PROJECTIONS)
