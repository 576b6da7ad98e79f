"""Composition root of evaluation: `uvicorn --factory services.evaluation.app:create`."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.evaluation.handlers import perform, react
from services.evaluation.projections import project
from services.evaluation.routers import router
from shared.contracts import evaluation
from shared.names import names_from
from shared.service import ServiceDefinition, build_app
from shared.settings import Settings


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
    routes=router.routes,
    sources=("registration", "activities", "evaluation"),
    project=project,
    contracts=(evaluation,),
    react=react,
    perform=perform,
    resources=resources,
)


def create() -> FastAPI:
    """The application, with settings from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
