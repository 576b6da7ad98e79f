"""What cases consists of."""

from typing import Final

from services.evaluation.cases import api, desk
from services.evaluation.cases.projections import PROJECTIONS
from services.evaluation.membership.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature(
    "cases",
    routers=(api.router, desk.router),
    projections=PROJECTIONS,
    member_rows=(of_member("cases"), of_member("exemptions"), of_member("waivers")),
)
