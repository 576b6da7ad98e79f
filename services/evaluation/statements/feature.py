"""What statements consists of."""

from typing import Final

from services.evaluation.membership.rows import of_member
from services.evaluation.statements import api
from services.evaluation.statements.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("statements", routers=(api.router,), projections=PROJECTIONS, member_rows=(of_member("statements"),))
