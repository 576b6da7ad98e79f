"""What membership consists of."""

from typing import Final

from services.evaluation.membership import api
from services.evaluation.membership.projections import PROJECTIONS
from services.evaluation.membership.rows import UNMOVED, of_member
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "membership",
    routers=(api.router,),
    projections=PROJECTIONS,
    member_rows=(
        of_member("registrations"),
        of_member("political_statuses"),
        of_member("merged", not_copied="which entries are one person is in the copy of registration"),
        MemberRows("merged", "into_member_id", unmoved=UNMOVED, not_copied="the same"),
    ),
)
