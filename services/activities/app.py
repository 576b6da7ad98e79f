"""Composition of activities; `uvicorn --factory services.activities.app:create`."""

import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
from fastapi import FastAPI

from services.activities import handlers, projecting
from services.activities.bulletins import feature as bulletins
from services.activities.campaigns import feature as campaigns
from services.activities.certificates import feature as certificates
from services.activities.checklists import feature as checklists
from services.activities.complaints import feature as complaints
from services.activities.modules import feature as modules
from services.activities.needs import feature as needs
from services.activities.neighbourhoods import feature as neighbourhoods
from services.activities.pairings import feature as pairings
from services.activities.posts import feature as posts
from services.activities.questionnaires import feature as questionnaires
from services.activities.registers import feature as registers
from services.activities.routing import router
from services.activities.suggestions import feature as suggestions
from services.activities.teams import feature as teams
from services.activities.time_bank import feature as time_bank
from shared import feature
from shared.contracts import activities
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Feature
from shared.names import names_from
from shared.service import ServiceDefinition, build_app
from shared.settings import Settings
from shared.web import Call

FEATURES: Final[tuple[Feature, ...]] = (
    posts.FEATURE,  # 公益岗位
    checklists.FEATURE,  # 六个一, 工作清单
    certificates.FEATURE,  # 志愿服务记录证明
    needs.FEATURE,  # 群众需求
    suggestions.FEATURE,  # 建议, 社区实事
    complaints.FEATURE,  # 投诉
    teams.FEATURE,  # 志愿服务队
    neighbourhoods.FEATURE,  # 四包区域, 联户组
    pairings.FEATURE,  # 结对帮扶
    modules.FEATURE,  # 区级模块
    registers.FEATURE,  # 阵地, 共建, 居务公开
    campaigns.FEATURE,  # 捐赠
    time_bank.FEATURE,  # 时间银行
    questionnaires.FEATURE,  # 调查问卷
    bulletins.FEATURE,  # 工作简报
)

_project = feature.projecting(FEATURES)
_react = feature.reacting(FEATURES)
_perform = feature.performing(FEATURES)
_kinds: set[str] = {task.KIND for each in FEATURES for task in each.performers}


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """The features, and what is not one yet: merges are followed there, after the rows that they change."""
    await _project(tx, batch)
    await projecting.project(tx, batch)


def react(event: Recorded) -> tuple[Intent, ...]:
    """What is not a feature yet, and the features."""
    return (*handlers.react(event), *_react(event))


async def perform(intent: Intent, call: Call) -> None:
    """What is not a feature yet, and the features."""
    await (_perform if intent.kind in _kinds else handlers.perform)(intent, call)


@asynccontextmanager
async def resources(app: FastAPI, settings: Settings) -> AsyncGenerator[None]:
    """The key of codes and links, and the way to registration's names."""
    # Without a key in the settings codes on a screen and links are good until the process ends; nothing with a code is printed.
    app.state.lasting_key = settings.link_key.get_secret_value().encode() if settings.link_key else None
    app.state.link_key = app.state.lasting_key or secrets.token_bytes(32)
    async with names_from(settings) as app.state.names:
        yield


SERVICE: Final = ServiceDefinition(
    name="activities",
    title="光彩 · activities",
    folder=Path(__file__).parent,
    routes=[*router.routes, *feature.routes(FEATURES)],
    sources=("registration", "activities"),
    project=project,
    contracts=(activities,),
    react=react,
    perform=perform,
    resources=resources,
)


def create() -> FastAPI:
    """Return the application of one process, set up from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
