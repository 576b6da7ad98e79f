"""What exports offer to the service."""

from typing import Final

from services.activities.exports import api, mapping
from shared.feature import Feature

FEATURE: Final = Feature("exports", routers=(mapping.router, api.router))
