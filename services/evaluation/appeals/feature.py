"""What appeals consists of."""

from typing import Final

from services.evaluation.appeals import api
from services.evaluation.appeals.projections import PROJECTIONS
from services.evaluation.membership.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature("appeals", routers=(api.router,), projections=PROJECTIONS, member_rows=(of_member("appeals"),))
