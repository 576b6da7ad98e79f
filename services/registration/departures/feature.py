"""What the feature departures offers to the service."""

from typing import Final

from services.registration.departures.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("departures", reactions=REACTIONS, performers=PERFORMERS)
