"""HTTP of evaluation, by theme: rule sets, periods, cases, statements, hand-outs, appeals, ratings, quarterly reports, award rounds."""

from fastapi import APIRouter

from services.evaluation.appeals import api as appeals
from services.evaluation.award_notices import api as award_notices
from services.evaluation.awards import api as awards
from services.evaluation.cases import api as cases
from services.evaluation.handouts import api as handouts
from services.evaluation.periods import api as periods
from services.evaluation.ratings import api as ratings
from services.evaluation.reports import api as reports
from services.evaluation.rule_sets import api as rule_sets
from services.evaluation.rule_sets import pages as rule_page
from services.evaluation.statements import api as statements

PARTS = (rule_sets, rule_page, periods, cases, statements, handouts, appeals, ratings, reports, awards, award_notices)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])  # one list: routers within routers match a path anew
