"""What questionnaires offer to the service."""

from typing import Final

from services.activities.questionnaires import api, papers, sheets
from services.activities.questionnaires.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("questionnaires", (api.router, sheets.router, papers.router), PROJECTIONS)
