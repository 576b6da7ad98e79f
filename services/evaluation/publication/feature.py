"""What publication consists of."""

from typing import Final

from services.evaluation.publication import api
from services.evaluation.publication.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("publication", routers=(api.router,), reactions=REACTIONS, performers=PERFORMERS)
