"""What the feature crossings offers to the service."""

from typing import Final

from services.registration.crossings import api
from services.registration.crossings.projections import PROJECTIONS
from services.registration.crossings.reactions import PERFORMERS, REACTIONS
from services.registration.members.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature(
    "crossings",
    routers=(api.router,),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(of_member("away_registrations"), of_member("guests")),
)
