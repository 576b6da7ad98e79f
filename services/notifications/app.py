"""Composition root of notifications, started with `python -m shared.runtime.serving notifications`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import httpx2
from fastapi import FastAPI

from services.notifications import api, bounces
from services.notifications.letters import PostOffice
from services.notifications.mail import AddressBook, MailServer
from services.notifications.projections import COMMUTING, PROJECTIONS
from services.notifications.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature, member_rows, performing, projecting, reacting, routes
from shared.member_rows import MemberRows
from shared.runtime.definition import ServiceDefinition
from shared.runtime.service import build_app
from shared.runtime.settings import Settings

ASK_WITHIN: Final = 5.0
UNMOVED: Final = "rows stay under the id that their event names; who asks for one entry is given all of them (queries.py)"

# Small enough to be one feature, so its files are the service's.
FEATURES: Final = (
    Feature(
        "notifications",
        (api.router, bounces.router),
        PROJECTIONS,
        REACTIONS,
        PERFORMERS,
        member_rows=(
            *(MemberRows(table, unmoved=UNMOVED) for table in ("member", "sign_up", "helper")),
            MemberRows("notice", "recipient_id", unmoved=UNMOVED),
            *(
                MemberRows("merged", column, unmoved=UNMOVED, not_copied="it is in the copy of registration")
                for column in ("member_id", "into_member_id")
            ),
        ),
    ),
)


@asynccontextmanager
async def resources(app: FastAPI, settings: Settings) -> AsyncGenerator[None]:
    """The post office: where addresses are asked for, and where letters go."""
    office = app.state.post_office = PostOffice()
    async with httpx2.AsyncClient(timeout=ASK_WITHIN) as client:
        if settings.registration_url is not None and settings.service_token is not None:
            office.addresses = AddressBook(client, settings.registration_url.rstrip("/"), settings.service_token.get_secret_value())
        if settings.smtp_url is not None:
            office.server = MailServer.at(settings.smtp_url)
        yield


SERVICE: Final = ServiceDefinition(
    name="notifications",
    title="光彩 · 通知 (notifications)",
    folder=Path(__file__).parent,
    routes=routes(FEATURES),
    sources=("registration", "activities", "evaluation", "notifications"),
    project=projecting(FEATURES, COMMUTING),
    react=reacting(FEATURES),
    perform=performing(FEATURES),
    member_rows=member_rows(FEATURES),
    resources=resources,
)


def create() -> FastAPI:
    """The application, with settings from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
