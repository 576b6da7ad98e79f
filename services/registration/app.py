"""Composition root of registration: its features, and the vault that is opened when it starts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.registration.access_log import feature as access_log
from services.registration.accounts import feature as accounts
from services.registration.certificates import feature as certificates
from services.registration.communities import feature as communities
from services.registration.corrections import feature as corrections
from services.registration.crossings import feature as crossings
from services.registration.delegations import feature as delegations
from services.registration.departures import feature as departures
from services.registration.disclosures import feature as disclosures
from services.registration.liaison import feature as liaison
from services.registration.member_categories import feature as member_categories
from services.registration.members import feature as members
from services.registration.offices import feature as offices
from services.registration.organisations import feature as organisations
from services.registration.own_page import feature as own_page
from services.registration.programmes import feature as programmes
from services.registration.registers import feature as registers
from services.registration.registrations import feature as registrations
from services.registration.reports import feature as reports
from services.registration.rosters import feature as rosters
from services.registration.stories import feature as stories
from services.registration.vault import feature as vault
from services.registration.vault.keys import Vault, load_master_key
from shared.feature import member_rows, performing, projecting, reacting, routes
from shared.runtime.definition import ServiceDefinition
from shared.runtime.service import build_app
from shared.runtime.settings import Settings

FEATURES: Final = (
    vault.FEATURE,  # 密钥: keys of members, sealed fields
    organisations.FEATURE,  # 组织: streets, communities, work units and what belongs to them
    offices.FEATURE,  # 任职: secretaries, liaison officers, instructors
    delegations.FEATURE,  # 委托: who acts for whom
    communities.FEATURE,  # 社区: introduction, honours, partner units
    programmes.FEATURE,  # 活动方案: legal basis, words, printed forms
    member_categories.FEATURE,  # 六类党员: counts by category
    members.FEATURE,  # 在职党员: profile, contact details, consents
    rosters.FEATURE,  # 花名册: workbooks, single entries, merging
    corrections.FEATURE,  # 更正: what the roster has wrong
    accounts.FEATURE,  # 账号: how members sign in for the first time
    certificates.FEATURE,  # 联系证: liaison certificates and their public check
    registrations.FEATURE,  # 报到: registration, receipt (回执单), renewal, transfer
    crossings.FEATURE,  # 跨区报到: unit here, community in another district
    departures.FEATURE,  # 退出: what follows when a member leaves
    liaison.FEATURE,  # 联系工作制度: visits and other contacts
    stories.FEATURE,  # 先进典型: stories of models
    own_page.FEATURE,  # 本人页面: what the member sees
    registers.FEATURE,  # 信息簿: who is who, for the two managers
    reports.FEATURE,  # 报表: counts, outstanding receipts, renewals due
    disclosures.FEATURE,  # 提供: names and addresses for other services
    access_log.FEATURE,  # 查阅记录: who looked at whose data
)


@asynccontextmanager
async def resources(app: FastAPI, settings: Settings) -> AsyncGenerator[None]:
    """The vault of this application; endpoints and performers find it by vault.opening."""
    if settings.vault_database_url is None or settings.vault_master_key_file is None:
        message = "registration needs GUANGCAI_VAULT_DATABASE_URL and GUANGCAI_VAULT_MASTER_KEY_FILE"
        raise ValueError(message)
    opened = Vault()
    async with opened.opened(settings.vault_database_url.get_secret_value(), load_master_key(settings.vault_master_key_file)):
        app.state.vault = opened
        yield


SERVICE: Final = ServiceDefinition(
    name="registration",
    title="光彩 registration (报到)",
    folder=Path(__file__).parent,
    routes=routes(FEATURES),
    sources=("registration",),
    project=projecting(FEATURES),
    react=reacting(FEATURES),
    perform=performing(FEATURES),
    member_rows=member_rows(FEATURES),
    resources=resources,
)


def create() -> FastAPI:
    """The application, started with `python -m shared.runtime.serving registration`."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # values come from the environment
