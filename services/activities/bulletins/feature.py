"""What bulletins offer to the service."""

from typing import Final

from services.activities.bulletins import api, naming
from services.activities.bulletins.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("bulletins", (api.router, naming.router), PROJECTIONS)
