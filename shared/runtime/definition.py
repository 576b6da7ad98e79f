"""What a service states about itself; shared/runtime/service.py builds the process from it."""

import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI
from faststream.rabbit import RabbitBroker
from starlette.routing import BaseRoute

from shared.eventlog.consume import Project, React
from shared.eventlog.intents import Intent
from shared.eventlog.rebuild import ReadModel
from shared.http.endpoints import Call
from shared.member_rows import MemberRows
from shared.messaging import Topology, make_broker
from shared.runtime.settings import Settings

Perform = Callable[[Intent, Call], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ServiceDefinition:
    """What a service is: its routes, what it reads and publishes, and what it does about events."""

    name: str
    title: str
    folder: Path
    routes: Sequence[BaseRoute]
    sources: tuple[str, ...]
    project: Project
    react: React
    perform: Perform
    member_rows: tuple[MemberRows, ...]
    resources: Callable[[FastAPI, Settings], contextlib.AbstractAsyncContextManager[None]] | None = field(default=None)

    def read_model(self) -> ReadModel:
        """What a rebuild has to know."""
        return ReadModel(self.name, self.folder, self.sources, self.project)

    def broker(self, url: str, topology: Topology) -> RabbitBroker:
        """The message side of this service, as FastStream sees it; also the source of its AsyncAPI document."""
        return make_broker(url, self.name, topology)
