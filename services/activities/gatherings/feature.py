"""What gatherings offer to the service."""

from typing import Final

from services.activities.gatherings import api
from services.activities.gatherings.activity import ACTIVITY
from services.activities.gatherings.projections import PROJECTIONS
from shared.contracts.activities.retention import Retained
from shared.feature import Feature
from shared.member_rows import Deletion, MemberRows

PARTICIPANTS: Final = """
DELETE FROM participants p USING activities a
WHERE p.district = $1 AND a.district = p.district AND a.activity_id = p.activity_id AND a.ends_at < $2
"""
FEATURE: Final = Feature(
    "gatherings",
    routers=(api.router,),
    projections=PROJECTIONS,
    member_rows=(MemberRows("participants", aggregate=ACTIVITY, stream="activity_id", is_key=True),),
    deletions=(Deletion(Retained.ATTENDANCE, PARTICIPANTS),),
)
