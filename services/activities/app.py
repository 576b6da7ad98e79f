"""Composition root of activities, started with `python -m shared.runtime.serving activities`."""

import secrets  # noqa: TID251 - the key of one process, drawn at its start; nothing is decided by it
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.activities.bulletins import feature as bulletins
from services.activities.calendar import feature as calendar
from services.activities.campaigns import feature as campaigns
from services.activities.certificates import feature as certificates
from services.activities.checklists import feature as checklists
from services.activities.complaints import feature as complaints
from services.activities.exports import feature as exports
from services.activities.gatherings import feature as gatherings
from services.activities.matching import feature as matching
from services.activities.members import feature as members
from services.activities.modules import feature as modules
from services.activities.needs import feature as needs
from services.activities.neighbourhoods import feature as neighbourhoods
from services.activities.pairings import feature as pairings
from services.activities.posts import feature as posts
from services.activities.questionnaires import feature as questionnaires
from services.activities.records import feature as records
from services.activities.registers import feature as registers
from services.activities.registrants import feature as registrants
from services.activities.series import feature as series
from services.activities.starting_kit import feature as starting_kit
from services.activities.suggestions import feature as suggestions
from services.activities.teams import feature as teams
from services.activities.time_bank import feature as time_bank
from shared import feature
from shared.feature import Feature
from shared.privacy.names import names_from
from shared.runtime.definition import ServiceDefinition
from shared.runtime.service import build_app
from shared.runtime.settings import Settings

SERVING: Final[tuple[Feature, ...]] = (
    registrants.FEATURE,  # 报到党员
    posts.FEATURE,  # 公益岗位
    matching.FEATURE,  # 人岗匹配
    gatherings.FEATURE,  # 活动
    records.FEATURE,  # 活动记实
    calendar.FEATURE,  # 日历
    series.FEATURE,  # 系列活动, 轮值
    starting_kit.FEATURE,  # 起步包
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
    exports.FEATURE,  # 数据导出
)
FEATURES: Final = (*SERVING, members.feature(SERVING))  # 党员本人, 身份合并, 保存期限: a merge changes rows of all the others


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
    routes=feature.routes(FEATURES),
    sources=("registration", "activities"),
    project=feature.projecting(FEATURES),
    react=feature.reacting(FEATURES),
    perform=feature.performing(FEATURES),
    member_rows=feature.member_rows(FEATURES),
    resources=resources,
)


def create() -> FastAPI:
    """Return the application of one process, set up from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
