"""What the feature registers offers to the service."""

from typing import Final

from services.registration.registers import api
from shared.feature import Feature

FEATURE: Final = Feature("registers", routers=(api.router,))
