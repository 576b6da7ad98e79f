"""What the feature liaison offers to the service."""

from typing import Final

from services.registration.liaison import api
from services.registration.liaison.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("liaison", routers=(api.router,), projections=PROJECTIONS)
