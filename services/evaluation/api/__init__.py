"""HTTP of evaluation, by theme: rule sets, periods, cases, statements, appeals and hearings, ratings, quarterly reports."""

from fastapi import APIRouter

from services.evaluation.api import appeals, cases, periods, ratings, reports, rule_sets, statements

router = APIRouter()
for each in (rule_sets, periods, cases, statements, appeals, ratings, reports):
    router.include_router(each.router)
