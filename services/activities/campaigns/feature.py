"""What contribution campaigns offer to the service."""

from typing import Final

from services.activities.campaigns import api
from services.activities.campaigns.campaign import CAMPAIGN
from services.activities.campaigns.projections import PROJECTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "campaigns", (api.router,), PROJECTIONS, member_rows=(MemberRows("contributions", aggregate=CAMPAIGN, stream="campaign_id"),)
)
