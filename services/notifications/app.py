"""Composition root of notifications: `uvicorn --factory services.notifications.app:create`."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
from fastapi import FastAPI

from services.notifications.api import router
from services.notifications.letters import PostOffice, send_letter
from services.notifications.mail import AddressBook, MailServer
from services.notifications.projections import project
from services.notifications.reactions import SEND_LETTER, TELL, react, tell
from shared.contracts import notifications
from shared.eventlog.intents import Intent
from shared.service import ServiceDefinition, build_app
from shared.settings import Settings
from shared.web import Call

ASK_WITHIN: Final = 5.0


def define() -> ServiceDefinition:
    """The service, with a post office of its own."""
    office = PostOffice()

    async def perform(intent: Intent, call: Call) -> None:
        if intent.kind == TELL:
            await tell(intent.payload, call)
        elif intent.kind == SEND_LETTER:
            await send_letter(UUID(intent.payload["notification_id"]), call, office)
        else:
            message = f"no reaction is called {intent.kind!r}"
            raise LookupError(message)

    @asynccontextmanager
    async def resources(_app: FastAPI, settings: Settings) -> AsyncGenerator[None]:
        async with httpx.AsyncClient(timeout=ASK_WITHIN) as client:
            if settings.registration_url is not None and settings.service_token is not None:
                office.addresses = AddressBook(client, settings.registration_url.rstrip("/"), settings.service_token.get_secret_value())
            if settings.smtp_url is not None:
                office.server = MailServer.at(settings.smtp_url)
            yield

    return ServiceDefinition(
        name="notifications",
        title="光彩 · 通知 (notifications)",
        folder=Path(__file__).parent,
        routes=router.routes,
        sources=("registration", "activities", "evaluation", "notifications"),
        project=project,
        contracts=(notifications,),
        react=react,
        perform=perform,
        resources=resources,
    )


SERVICE: Final = define()


def create() -> FastAPI:
    """The application, with settings from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
