"""What responsibility areas and household groups offer to the service."""

from typing import Final

from services.activities.neighbourhoods import api
from services.activities.neighbourhoods.household_group import GROUP
from services.activities.neighbourhoods.projections import PROJECTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "neighbourhoods",
    (api.router,),
    PROJECTIONS,
    member_rows=(MemberRows("household_groups", "leader_id", aggregate=GROUP, stream="group_id"),),
)
