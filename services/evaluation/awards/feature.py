"""What awards consists of."""

from typing import Final

from services.evaluation.awards import api
from services.evaluation.awards.projections import PROJECTIONS
from services.evaluation.membership.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature("awards", routers=(api.router,), projections=PROJECTIONS, member_rows=(of_member("award_nominees"),))
