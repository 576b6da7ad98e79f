"""What registrants offer to the service."""

from typing import Final

from services.activities.registrants.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("registrants", projections=PROJECTIONS)
