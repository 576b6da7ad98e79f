"""What the feature vault offers to the service."""

from typing import Final

from services.registration.vault.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("vault", reactions=REACTIONS, performers=PERFORMERS)
