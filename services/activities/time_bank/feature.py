"""What the time bank's ledgers offer to the service."""

from typing import Final

from services.activities.time_bank import api
from services.activities.time_bank.projections import PROJECTIONS
from services.activities.time_bank.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("time_bank", (api.router,), PROJECTIONS, REACTIONS, PERFORMERS)
