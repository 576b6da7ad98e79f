"""What the feature rosters offers to the service."""

from typing import Final

from services.registration.rosters import api, entries
from shared.feature import Feature

FEATURE: Final = Feature("rosters", routers=(api.router, entries.router))
