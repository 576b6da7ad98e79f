"""What records offer to the service."""

from typing import Final

from services.activities.records import api, correction_requests
from services.activities.records.projections import PROJECTIONS
from services.activities.records.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature(
    "records", routers=(api.router, correction_requests.router), projections=PROJECTIONS, reactions=REACTIONS, performers=PERFORMERS
)
