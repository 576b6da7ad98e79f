"""Bulk work: one command per item, some at a time, with one outcome per item."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import BaseModel

from shared.decider import DomainError
from shared.http.answers import NotFound
from shared.http.endpoints import CommandAnswer

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE: Final = 8  # commands of one bulk request under way together: enough for group commit, and others get their turn
MOST_AT_ONCE: Final = 2000  # items of one bulk request


@dataclass(frozen=True, slots=True)
class Broken:
    """The outcome of one item of a bulk request that broke a rule."""

    code: str


class Refused(BaseModel):
    """One item of a bulk request that broke a rule."""

    id: UUID
    code: str


async def each(items: Sequence[T], act: Callable[[T], Awaitable[R]]) -> list[R | Broken]:
    """Act on every item, some at a time; a broken rule is the outcome of its item and stops no other."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(item: T) -> R | Broken:
        async with slots:
            try:
                return await act(item)
            except DomainError as broken:
                return Broken(broken.code())
            except NotFound:
                return Broken("not_found")

    return await asyncio.gather(*(one(item) for item in items))


def last_position(service: str, answers: Collection[CommandAnswer]) -> dict[str, Any]:
    """Position of the last event of several answers, for Guangcai-Read-After."""
    sequences = [int(answer.position["sequence"]) for answer in answers if "sequence" in answer.position]
    return {"service": service} | ({"sequence": max(sequences)} if sequences else {})
