"""What facts consists of."""

from typing import Final

from services.evaluation.facts.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("facts", projections=PROJECTIONS)
