"""What registers and open affairs offer to the service."""

from typing import Final

from services.activities.registers import api
from services.activities.registers.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("registers", (api.router,), PROJECTIONS)
