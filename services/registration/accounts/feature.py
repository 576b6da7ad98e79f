"""What the feature accounts offers to the service."""

from typing import Final

from services.registration.accounts import api
from services.registration.accounts.projections import PROJECTIONS
from services.registration.accounts.reactions import PERFORMERS, REACTIONS
from services.registration.members.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature(
    "accounts",
    routers=(api.router,),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(of_member("accounts"), of_member("account_steps")),
)
