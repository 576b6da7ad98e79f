"""What complaints offer to the service."""

from typing import Final

from services.activities.complaints import api
from services.activities.complaints.complaint import COMPLAINT
from services.activities.complaints.projections import PROJECTIONS
from services.activities.complaints.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "complaints",
    (api.router,),
    PROJECTIONS,
    REACTIONS,
    PERFORMERS,
    member_rows=(MemberRows("complaints", aggregate=COMPLAINT, stream="complaint_id"),),
)
