"""Composition of activities; `uvicorn --factory services.activities.app:create`."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.activities.api import router
from services.activities.handlers import perform, react
from services.activities.projections import project
from shared.contracts import activities
from shared.service import ServiceDefinition, build_app
from shared.settings import Settings

SERVICE: Final = ServiceDefinition(
    name="activities",
    title="光彩 · activities",
    folder=Path(__file__).parent,
    router=router,
    sources=("registration", "activities"),
    project=project,
    contracts=(activities,),
    react=react,
    perform=perform,
)


def create() -> FastAPI:
    """Return the application of one process, set up from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
