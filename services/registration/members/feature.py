"""What the feature members offers to the service."""

from typing import Final

from services.registration.members import addresses, api, paper_names
from services.registration.members.projections import PROJECTIONS
from services.registration.members.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature(
    "members",
    routers=(
        api.router,
        addresses.router,
        paper_names.router,
    ),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
)
