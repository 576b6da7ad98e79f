"""What hearings consists of."""

from typing import Final

from services.evaluation.hearings import api
from services.evaluation.hearings.projections import PROJECTIONS
from services.evaluation.membership.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature("hearings", routers=(api.router,), projections=PROJECTIONS, member_rows=(of_member("deductions"),))
