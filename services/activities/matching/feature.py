"""What matching offers to the service."""

from typing import Final

from services.activities.matching import api
from shared.feature import Feature

FEATURE: Final = Feature("matching", routers=(api.router,))
