"""Rebuilds a service's read model from the feeds of the running stack of a data directory."""

import importlib
from collections.abc import Callable
from pathlib import Path

import httpx2

from ops.keys import Keys
from ops.servers.definitions import SERVICES
from ops.servers.processes import ServerFailed
from ops.stack import run_apart, running_state
from shared.eventlog.feed import FeedClient
from shared.eventlog.rebuild import Rebuilt, rebuild
from shared.runtime.definition import ServiceDefinition


def rebuild_service(service: str, directory: Path, *, swap: bool, progress: Callable[[int, int], None]) -> Rebuilt:
    """Returns both digests and the number of events; with `swap` the new read model replaces the live one."""
    if service not in SERVICES:
        raise ServerFailed(f"there is no service {service!r}; there are {', '.join(SERVICES)}")
    state = running_state(directory)
    definition: ServiceDefinition = importlib.import_module(f"services.{service}.app").SERVICE
    token = Keys(directory / "keys").service_token(service)

    async def work() -> Rebuilt:
        async with httpx2.AsyncClient(timeout=30.0, trust_env=False) as client:
            source = FeedClient(client, state["services"], token)
            return await rebuild(
                definition.read_model(),
                source,
                owner_url=state["databases"][f"{service}_owner"],
                service_url=state["databases"][service],
                swap=swap,
                progress=progress,
            )

    return run_apart(work())
