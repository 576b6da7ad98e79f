"""What registrants offer to the service."""

from typing import Final

from services.activities.registrants.projections import PROJECTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "registrants",
    projections=PROJECTIONS,
    member_rows=(MemberRows("registrants", unmoved="registration closes the registration of the entry that is not used any more"),),
)
