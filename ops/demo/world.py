"""The state of the story: organisations, members, the client, the random generator, and the progress bar of a chapter."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from rich.progress import Progress, TaskID

from ops.demo.client import Caller, Client, Service
from ops.demo.programme import PostPlan
from shared.identity import Role

T = TypeVar("T")
R = TypeVar("R")

CHINA = timezone(timedelta(hours=8))
SECRETARY, CLERK, LEADER = "secretary", "clerk", "leader"
FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 12, 31)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of the story in Chinese time."""
    return datetime.combine(day, time(hour, minute), CHINA)


class Diligence(Enum):
    """How actively a character takes part. Exists in the story only; no service stores anything like it."""

    KEEN = "K"
    STEADY = "S"
    OCCASIONAL = "O"
    RARE = "R"


CAST = "KSKSOKSRKSKOSKSOKSRS"  # the characters of twenty members, over and over


@dataclass(slots=True, repr=False)
class Unit:
    """A work unit and the people who act for it."""

    id: UUID
    name: str
    occupation_group: str
    members: list["Member"] = field(default_factory=list)

    @property
    def liaison(self) -> Caller:
        return Caller(f"liaison-{self.id}", Role.UNIT_LIAISON, (self.id,))

    @property
    def secretary(self) -> Caller:
        return Caller(f"unit-secretary-{self.id}", Role.UNIT_SECRETARY, (self.id,))


@dataclass(slots=True, repr=False)
class Community:
    """A community and the people who act for it. `base` is its size among 75 registrants."""

    id: UUID
    name: str
    base: int
    members: list["Member"] = field(default_factory=list)

    @property
    def secretary(self) -> Caller:
        return Caller(f"secretary-{self.id}", Role.COMMUNITY_SECRETARY, (self.id,))

    @property
    def deputy(self) -> Caller:
        return Caller(f"deputy-{self.id}", Role.COMMUNITY_CLERK, (self.id,))

    @property
    def clerk(self) -> Caller:
        return Caller(f"clerk-{self.id}", Role.COMMUNITY_CLERK, (self.id,))

    @property
    def leader(self) -> Caller:
        return Caller(f"team-leader-{self.id}", Role.TEAM_LEADER, (self.id,))

    def scaled(self, places: int) -> int:
        """Scale a number of places for 75 registrants to the number of members."""
        return min(500, max(1, round(places * len(self.members) / self.base)))


@dataclass(slots=True, eq=False, repr=False)
class Member:
    """A member, pseudonymous as everywhere outside registration."""

    id: UUID
    number: str
    unit: Unit
    community: Community
    is_probationary: bool
    diligence: Diligence = Diligence.STEADY
    reports_on: date = date(2025, 12, 8)
    registration_id: UUID | None = None
    is_example: bool = False

    @property
    def caller(self) -> Caller:
        return Caller(str(self.id), Role.MEMBER)


@dataclass(slots=True)
class Post:
    """An established post; `claims` are its occupied places by claim id."""

    id: UUID
    plan: PostPlan
    community: Community
    capacity: int
    claims: dict[UUID, Member] = field(default_factory=dict)


@dataclass(slots=True)
class Record:
    """A confirmed line of an activity."""

    member: Member
    activity_id: UUID
    record_id: UUID
    minutes: int
    served_on: date


@dataclass(slots=True)
class Bar:
    """Progress of one chapter; its total grows while the chapter runs."""

    progress: Progress
    task: TaskID
    expected: int = 0

    def expect(self, steps: int) -> None:
        self.expected += steps
        self.progress.update(self.task, total=self.expected)

    def advance(self) -> None:
        self.progress.advance(self.task)


@dataclass(slots=True, repr=False)
class World:
    """What the chapters share. Random numbers are drawn in the order of the story, never in concurrent steps."""

    client: Client
    chance: Random
    size: int
    roster: bytes
    bar: Bar
    units: dict[str, Unit] = field(default_factory=dict)
    communities: dict[str, Community] = field(default_factory=dict)
    members: list[Member] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    period_id: UUID | None = None
    told: dict[str, Any] = field(default_factory=dict)  # what the report shows in addition to figures

    admin = Caller("district-admin", Role.DISTRICT_ADMIN)
    reviewer = Caller("appeal-reviewer", Role.APPEAL_REVIEWER)
    auditor = Caller("auditor", Role.AUDITOR)

    @property
    def registration(self) -> Service:
        return self.client.service("registration")

    @property
    def activities(self) -> Service:
        return self.client.service("activities")

    @property
    def evaluation(self) -> Service:
        return self.client.service("evaluation")

    @property
    def notifications(self) -> Service:
        return self.client.service("notifications")

    @property
    def example(self) -> Member:
        """The member whose year is the worked example of the scoring model."""
        return next(member for member in self.members if member.is_example)

    def populated(self) -> list[Community]:
        """Communities with members."""
        return [community for community in self.communities.values() if community.members]

    def employers(self) -> list[Unit]:
        """Units with members."""
        return [unit for unit in self.units.values() if unit.members]

    async def each(self, things: Iterable[T], do: Callable[[T], Awaitable[R]]) -> list[R]:
        """Run for all items concurrently (the client limits how many at once); results in order. The first error cancels the rest."""
        steps = list(things)
        self.bar.expect(len(steps))

        async def one(thing: T) -> R:
            result = await do(thing)
            self.bar.advance()
            return result

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(thing)) for thing in steps]
        return [task.result() for task in tasks]
