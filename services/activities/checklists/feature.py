"""What checklists offer to the service."""

from typing import Final

from services.activities.checklists import api
from services.activities.checklists.projections import PROJECTIONS
from services.activities.checklists.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("checklists", (api.router,), PROJECTIONS, REACTIONS, PERFORMERS)
