"""What the feature organisations offers to the service."""

from typing import Final

from services.registration.organisations import api
from services.registration.organisations.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("organisations", routers=(api.router,), projections=PROJECTIONS)
