"""Composition of activities; `uvicorn --factory services.activities.app:create`."""

import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg
from fastapi import FastAPI

from services.activities import handlers, projecting
from services.activities.calendar import feature as calendar
from services.activities.exports import feature as exports
from services.activities.gatherings import feature as gatherings
from services.activities.matching import feature as matching
from services.activities.members import feature as members
from services.activities.posts import feature as posts
from services.activities.records import feature as records
from services.activities.registrants import feature as registrants
from services.activities.routing import router
from services.activities.series import feature as series
from services.activities.starting_kit import feature as starting_kit
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
    registrants.FEATURE,  # 报到党员
    posts.FEATURE,  # 公益岗位
    matching.FEATURE,  # 人岗匹配
    gatherings.FEATURE,  # 活动
    records.FEATURE,  # 活动记实
    calendar.FEATURE,  # 日历
    series.FEATURE,  # 系列活动, 轮值
    starting_kit.FEATURE,  # 起步包
    exports.FEATURE,  # 数据导出
    members.FEATURE,  # 党员本人, 身份合并, 保存期限; last: a merge changes rows of all of them
)

_project = feature.projecting(FEATURES)
_react = feature.reacting(FEATURES)
_perform = feature.performing(FEATURES)
_kinds: set[str] = {task.KIND for each in FEATURES for task in each.performers}


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """What is not a feature yet, and the features: members are the last of them, because merges change rows of all."""
    await projecting.project(tx, batch)
    await _project(tx, batch)


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
