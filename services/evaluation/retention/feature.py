"""What retention consists of."""

from typing import Final

from services.evaluation.retention.projections import PROJECTIONS
from services.evaluation.retention.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("retention", projections=PROJECTIONS, reactions=REACTIONS, performers=PERFORMERS)
