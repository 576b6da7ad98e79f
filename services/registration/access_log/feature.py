"""What the feature access log offers to the service."""

from typing import Final

from services.registration.access_log import api
from services.registration.access_log.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature("access_log", routers=(api.router,), reactions=REACTIONS, performers=PERFORMERS)
