"""HTTP of evaluation, by theme: rule sets, periods, cases, statements, hand-outs, appeals, ratings, quarterly reports, award rounds."""

from fastapi import APIRouter

from services.evaluation.api import (
    appeals,
    award_notices,
    awards,
    cases,
    handouts,
    periods,
    ratings,
    reports,
    rule_page,
    rule_sets,
    statements,
)

PARTS = (rule_sets, rule_page, periods, cases, statements, handouts, appeals, ratings, reports, awards, award_notices)
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])  # one list: routers within routers match a path anew
