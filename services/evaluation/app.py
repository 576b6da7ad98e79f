"""Composition root of evaluation: `uvicorn --factory services.evaluation.app:create`."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI

from services.evaluation.api import router
from services.evaluation.api.ratings import links
from services.evaluation.handlers import perform, react
from services.evaluation.projections import project
from shared.contracts import evaluation
from shared.service import ServiceDefinition, build_app
from shared.settings import Settings

SERVICE: Final = ServiceDefinition(
    name="evaluation",
    title="光彩 · 双评 (evaluation)",
    folder=Path(__file__).parent,
    router=router,
    sources=("registration", "activities", "evaluation"),
    project=project,
    contracts=(evaluation,),
    react=react,
    perform=perform,
    resources=links,
)


def create() -> FastAPI:
    """The application, with settings from the environment."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # the environment fills the settings
