"""What the feature reports offers to the service."""

from typing import Final

from services.registration.reports import api
from shared.feature import Feature

FEATURE: Final = Feature("reports", routers=(api.router,))
