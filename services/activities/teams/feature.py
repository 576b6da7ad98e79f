"""What teams offer to the service."""

from typing import Final

from services.activities.teams import api
from services.activities.teams.projections import PROJECTIONS
from services.activities.teams.team import TEAM
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "teams", (api.router,), PROJECTIONS, member_rows=(MemberRows("team_members", aggregate=TEAM, stream="team_id", is_key=True),)
)
