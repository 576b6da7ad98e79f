"""What the feature members offers to the service."""

from typing import Final

from services.registration.members import api
from services.registration.members.projections import PROJECTIONS
from services.registration.members.reactions import PERFORMERS, REACTIONS
from services.registration.members.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature(
    "members",
    routers=(api.router,),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(of_member("member_directory"), of_member("consents"), of_member("member_directory", "merged_into")),
)
