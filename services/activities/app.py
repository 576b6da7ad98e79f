"""Composition of activities; `uvicorn --factory services.activities.app:create`."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.activities.api import router
from services.activities.handlers import perform, react
from services.activities.projections import project
from shared.contracts import activities
from shared.names import names_from
from shared.service import ServiceDefinition, build_app
from shared.settings import Settings


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
    routes=router.routes,
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
