"""What reports consists of."""

from typing import Final

from services.evaluation.membership.rows import of_member
from services.evaluation.reports import api
from services.evaluation.reports.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("reports", routers=(api.router,), projections=PROJECTIONS, member_rows=(of_member("feedback_reports"),))
