"""What complaints offer to the service."""

from typing import Final

from services.activities.complaints import api
from services.activities.complaints.projections import PROJECTIONS
from services.activities.complaints.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("complaints", (api.router,), PROJECTIONS, REACTIONS, PERFORMERS)
