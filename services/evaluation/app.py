"""Composition root of evaluation, started with `python -m shared.runtime.serving evaluation`."""

import secrets  # noqa: TID251 - the key of one process, drawn at its start; nothing is decided by it
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.evaluation.appeals import feature as appeals
from services.evaluation.award_notices import feature as award_notices
from services.evaluation.awards import feature as awards
from services.evaluation.cases import feature as cases
from services.evaluation.commuting import COMMUTING
from services.evaluation.comparisons import feature as comparisons
from services.evaluation.facts import feature as facts
from services.evaluation.handouts import feature as handouts
from services.evaluation.hearings import feature as hearings
from services.evaluation.membership import feature as membership
from services.evaluation.periods import feature as periods
from services.evaluation.publication import feature as publication
from services.evaluation.ratings import feature as ratings
from services.evaluation.reports import feature as reports
from services.evaluation.retention import feature as retention
from services.evaluation.rule_sets import feature as rule_sets
from services.evaluation.statements import feature as statements
from shared.feature import Feature, member_rows, performing, projecting, reacting, routes
from shared.privacy.names import names_from
from shared.runtime.definition import ServiceDefinition
from shared.runtime.service import build_app
from shared.runtime.settings import Settings

FEATURES: Final[tuple[Feature, ...]] = (
    membership.FEATURE,  # who is registered where, and which entries are one person
    facts.FEATURE,  # what can become points
    periods.FEATURE,  # 评定周期
    rule_sets.FEATURE,  # 评分规则, with the page that explains them to everybody
    cases.FEATURE,  # 双评: the assessments of unit and community
    statements.FEATURE,  # the score, explained line by line, and the grade that people confirm
    publication.FEATURE,  # statements of a whole period, kept up to date
    hearings.FEATURE,  # 听取说明 before a deduction
    appeals.FEATURE,  # 申诉
    handouts.FEATURE,  # statements in other hands
    ratings.FEATURE,  # residents' stars
    reports.FEATURE,  # 情况反馈
    comparisons.FEATURE,  # 双提升: two periods side by side
    awards.FEATURE,  # 评先选优
    award_notices.FEATURE,  # 公示
    retention.FEATURE,  # what is forgotten, and when
)


@asynccontextmanager
async def resources(app: FastAPI, settings: Settings) -> AsyncGenerator[None]:
    """The keys of residents' links and of ballots, and the way to registration's names.

    Without a key in the settings links are good, but a retry makes new ones; nobody can vote, as votes must outlast the process.
    """
    app.state.lasting_key = settings.link_key.get_secret_value().encode() if settings.link_key else None
    app.state.link_key = app.state.lasting_key or secrets.token_bytes(32)
    async with names_from(settings) as app.state.names:
        yield


SERVICE: Final = ServiceDefinition(
    name="evaluation",
    title="光彩 · 双评 (evaluation)",
    folder=Path(__file__).parent,
    routes=routes(FEATURES),
    sources=("registration", "activities", "evaluation"),
    project=projecting(FEATURES, COMMUTING),
    react=reacting(FEATURES),
    perform=performing(FEATURES),
    member_rows=member_rows(FEATURES),
    resources=resources,
)


def create() -> FastAPI:
    """The application, with settings from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
