"""Composition root of registration."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from services.registration.all_routes import router
from services.registration.registrations.projections import project
from services.registration.registrations.reactions import Reactions, react
from services.registration.vault.keys import Vault, load_master_key
from shared.contracts import registration as contracts
from shared.contracts import registration_accounts as accounts
from shared.contracts import registration_changes as changes
from shared.contracts import registration_crossings as crossings
from shared.contracts import registration_liaison as liaison
from shared.contracts import registration_organisations as organisations
from shared.contracts import registration_stories as stories
from shared.service import ServiceDefinition, build_app
from shared.settings import Settings


def define() -> ServiceDefinition:
    """The service with a vault of its own, so that two of them can live in one process."""
    vault = Vault()

    @asynccontextmanager
    async def resources(app: FastAPI, settings: Settings) -> AsyncGenerator[None]:
        if settings.vault_database_url is None or settings.vault_master_key_file is None:
            message = "registration needs GUANGCAI_VAULT_DATABASE_URL and GUANGCAI_VAULT_MASTER_KEY_FILE"
            raise ValueError(message)
        async with vault.opened(settings.vault_database_url.get_secret_value(), load_master_key(settings.vault_master_key_file)):
            app.state.vault = vault
            yield

    return ServiceDefinition(
        name="registration",
        title="光彩 registration (报到)",
        folder=Path(__file__).parent,
        routes=router.routes,
        sources=("registration",),
        project=project,
        contracts=(contracts, accounts, changes, crossings, liaison, organisations, stories),
        react=react,
        perform=Reactions(vault).perform,
        resources=resources,
    )


SERVICE = define()


def create() -> FastAPI:
    """For uvicorn: `uvicorn services.registration.app:create --factory`."""
    return build_app(SERVICE, Settings())  # pyright: ignore[reportCallIssue]  # values come from the environment
