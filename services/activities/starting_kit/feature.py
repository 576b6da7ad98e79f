"""What the starting kit offers to the service."""

from typing import Final

from services.activities.starting_kit import api
from shared.feature import Feature

FEATURE: Final = Feature("starting_kit", routers=(api.router,))
