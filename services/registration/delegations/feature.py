"""What the feature delegations offers to the service."""

from typing import Final

from services.registration.delegations import api
from services.registration.delegations.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("delegations", routers=(api.router,), projections=PROJECTIONS)
