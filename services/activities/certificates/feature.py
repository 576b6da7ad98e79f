"""What service certificates offer to the service."""

from typing import Final

from services.activities.certificates import api, papers, publicity
from services.activities.certificates.projections import PROJECTIONS
from services.activities.certificates.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("certificates", (api.router, papers.router, publicity.router), PROJECTIONS, REACTIONS, PERFORMERS)
