"""A service is a tuple of features: each serves routes, projects events into its own tables, and reacts to events with intents.

Invariant: the writes of a batch keep the order of its events, the writes of one event the order of the features. A write may move
forward to an earlier one of the same statement only past statements with which it commutes.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import asyncpg
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.routing import BaseRoute

from shared.contracts.event import Event
from shared.eventlog.consume import Project, React
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.http.endpoints import Call
from shared.member_rows import Deletion, MemberRows

Write = tuple[str, tuple[Any, ...]]  # a statement and its arguments from $2 on; $1 is always the district
Projection = Callable[[Recorded, Any], Iterable[Write]]  # the recorded event, and its data as the type it is listed under
Reaction = Callable[[Recorded, Any], Iterable[Intent]]
Projections = Mapping[type[Event], Projection]
Reactions = Mapping[type[Event], Reaction]
Commuting = Mapping[str, frozenset[str]]  # statement → statements that commute with it: reordering them cannot change the result


class ByColumn(str):
    """A statement that takes each column as one array, so that all its rows are written in one execution."""

    __slots__ = ()


class Task(BaseModel):
    """The payload of an intent, stored as JSON: never rename a field while intents may be waiting. `KIND` is unique in a service."""

    model_config = ConfigDict(frozen=True)
    KIND: ClassVar[str]

    def intent(self, key: str, due: datetime) -> Intent:
        """The intent to perform this task at business time `due`; there is one per district and `key`."""
        return Intent(key, self.KIND, self.model_dump(mode="json"), due)


Perform = Callable[[Any, Call], Awaitable[None]]  # a task of the type it is listed under; safe to repeat
Performers = Mapping[type[Task], Perform]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a service. Leave out what it does not have. Its read_tables.sql is in the folder of the same name."""

    name: str
    routers: tuple[APIRouter, ...] = ()
    projections: Projections = field(default_factory=dict[type[Event], Projection])
    reactions: Reactions = field(default_factory=dict[type[Event], Reaction])
    performers: Performers = field(default_factory=dict[type[Task], Perform])
    member_rows: tuple[MemberRows, ...] = ()
    deletions: tuple[Deletion, ...] = ()


def member_rows(features: Iterable[Feature]) -> tuple[MemberRows, ...]:
    """Every row about a member, as the features declare it."""
    return tuple(rows for feature in features for rows in feature.member_rows)


def routes(features: Iterable[Feature]) -> list[BaseRoute]:
    """All routes in one flat list: nested routers would match the path once per level."""
    return [route for feature in features for router in feature.routers for route in router.routes]


def projecting(features: Sequence[Feature], commuting: Commuting | None = None) -> Project:
    """The projection of the whole service. Events that no feature lists are ignored."""
    listed: dict[type, tuple[Projection, ...]] = {}
    for feature in features:
        for event_type, projection in feature.projections.items():
            listed[event_type] = (*listed.get(event_type, ()), projection)

    async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
        writes = (write for event in batch for each in listed.get(type(event.data), ()) for write in each(event, event.data))
        await execute(tx, batch[0].district, writes, commuting or {})

    return project


async def execute(tx: asyncpg.Connection, district: str, writes: Iterable[Write], commuting: Commuting) -> None:
    """Execute the writes of one district; the rows of one statement share a round trip."""
    for statement, rows in runs(writes, commuting):
        if isinstance(statement, ByColumn):
            await tx.execute(str(statement), district, *zip(*rows, strict=True))  # asyncpg refuses a subclass of str
        else:
            await tx.executemany(statement, [(district, *row) for row in rows])


def runs(writes: Iterable[Write], commuting: Commuting) -> list[tuple[str, list[tuple[Any, ...]]]]:
    """The writes in order, grouped by statement as far as statements commute."""
    gathered: list[tuple[str, list[tuple[Any, ...]]]] = []
    for statement, row in writes:
        passable = commuting.get(statement, frozenset())
        for earlier, rows in reversed(gathered):
            if earlier == statement:
                rows.append(row)
                break
            if earlier not in passable:
                gathered.append((statement, [row]))
                break
        else:
            gathered.append((statement, [row]))
    return gathered


def reacting(features: Sequence[Feature]) -> React:
    """The reactions of the whole service: an event's intents, in the order of the features."""
    listed: dict[type, tuple[Reaction, ...]] = {}
    for feature in features:
        for event_type, reaction in feature.reactions.items():
            listed[event_type] = (*listed.get(event_type, ()), reaction)

    def react(event: Recorded) -> tuple[Intent, ...]:
        return tuple(intent for each in listed.get(type(event.data), ()) for intent in each(event, event.data))

    return react


def performing(features: Sequence[Feature]) -> Callable[[Intent, Call], Awaitable[None]]:
    """Performs an intent with the only performer of its kind. Raises LookupError for a kind that no feature lists."""
    performers: dict[str, tuple[type[Task], Perform]] = {}
    for task, perform in _tasks(features):
        if task.KIND in performers:
            message = f"two tasks of this service have the kind {task.KIND!r}"
            raise ValueError(message)
        performers[task.KIND] = (task, perform)

    async def perform_intent(intent: Intent, call: Call) -> None:
        if intent.kind not in performers:
            message = f"no task has the kind {intent.kind!r}"
            raise LookupError(message)
        task, perform = performers[intent.kind]
        await perform(task.model_validate(intent.payload), call)

    return perform_intent


def _tasks(features: Iterable[Feature]) -> Iterator[tuple[type[Task], Perform]]:
    for feature in features:
        yield from feature.performers.items()
