"""What rule sets consists of."""

from typing import Final

from services.evaluation.rule_sets import api, pages
from services.evaluation.rule_sets.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("rule_sets", routers=(api.router, pages.router), projections=PROJECTIONS)
