"""What membership consists of."""

from typing import Final

from services.evaluation.membership import api
from services.evaluation.membership.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("membership", routers=(api.router,), projections=PROJECTIONS)
