"""What award notices consists of."""

from typing import Final

from services.evaluation.award_notices import api
from services.evaluation.award_notices.projections import PROJECTIONS
from services.evaluation.membership.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature("award_notices", routers=(api.router,), projections=PROJECTIONS, member_rows=(of_member("award_objections"),))
