"""What the feature programmes offers to the service."""

from typing import Final

from services.registration.programmes import api
from services.registration.programmes.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("programmes", routers=(api.router,), projections=PROJECTIONS)
