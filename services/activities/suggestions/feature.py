"""What suggestions and practical matters offer to the service."""

from typing import Final

from services.activities.suggestions import api
from services.activities.suggestions.matter import MATTER
from services.activities.suggestions.projections import PROJECTIONS
from services.activities.suggestions.suggestion import SUGGESTION
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "suggestions",
    (api.router,),
    PROJECTIONS,
    member_rows=(
        MemberRows("suggestions", aggregate=SUGGESTION, stream="suggestion_id"),
        MemberRows("matters", aggregate=MATTER, stream="matter_id"),
    ),
)
