"""What residents' needs offer to the service."""

from typing import Final

from services.activities.needs import api
from services.activities.needs.need import NEED
from services.activities.needs.projections import PROJECTIONS
from services.activities.needs.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "needs", (api.router,), PROJECTIONS, REACTIONS, PERFORMERS, member_rows=(MemberRows("needs", aggregate=NEED, stream="need_id"),)
)
