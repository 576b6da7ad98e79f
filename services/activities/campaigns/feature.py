"""What contribution campaigns offer to the service."""

from typing import Final

from services.activities.campaigns import api
from services.activities.campaigns.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("campaigns", (api.router,), PROJECTIONS)
