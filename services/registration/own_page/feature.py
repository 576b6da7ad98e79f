"""What the feature own page offers to the service."""

from typing import Final

from services.registration.own_page import api
from shared.feature import Feature

FEATURE: Final = Feature("own_page", routers=(api.router,))
