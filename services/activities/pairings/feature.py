"""What help pairings offer to the service."""

from typing import Final

from services.activities.pairings import api
from services.activities.pairings.pairing import PAIRING
from services.activities.pairings.projections import PROJECTIONS
from services.activities.pairings.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "pairings",
    (api.router,),
    PROJECTIONS,
    REACTIONS,
    PERFORMERS,
    member_rows=(MemberRows("pairing_helpers", aggregate=PAIRING, stream="pairing_id", is_key=True),),
)
