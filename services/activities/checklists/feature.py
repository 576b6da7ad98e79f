"""What checklists offer to the service."""

from typing import Final

from services.activities.checklists import api
from services.activities.checklists.projections import PROJECTIONS
from services.activities.checklists.reactions import PERFORMERS, REACTIONS, carry_six_ones, carry_ticks
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "checklists",
    (api.router,),
    PROJECTIONS,
    REACTIONS,
    PERFORMERS,
    member_rows=(MemberRows("checklist_items", carry=carry_six_ones), MemberRows("checklist_progress", "subject_id", carry=carry_ticks)),
)
