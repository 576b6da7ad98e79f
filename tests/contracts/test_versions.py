"""A type that got a second version after its release: the log holds both for ever, and readers of today use both. A synthetic one keeps
this path tested, because no type of ours has a second version yet.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import reduce
from typing import Any, ClassVar, Final
from uuid import UUID

import orjson

from shared.contracts.event import Event, find
from shared.decider import Command, Decider
from shared.eventlog.envelope import Context, Recorded, decode, tail_of
from shared.eventlog.intents import Intent
from shared.feature import Feature, Task, reacting
from shared.testing.scenario import Scenario

NOW: Final = datetime(2026, 5, 4, tzinfo=UTC)
STREAM: Final = UUID(int=7)


class VisitPaid(Event):
    """A visit, with its length in hours. Read, and not written any more."""

    TYPE: ClassVar[str] = "guangcai.planted.VisitPaid"
    VERSION: ClassVar[int] = 1
    hours: int


class VisitPaidV2(Event):
    """The same, with its length in minutes."""

    TYPE: ClassVar[str] = "guangcai.planted.VisitPaid"
    VERSION: ClassVar[int] = 2
    minutes: int


def upcast(event: VisitPaid) -> VisitPaidV2:
    """The old version as the new one says it: the one place that knows both."""
    return VisitPaidV2(minutes=60 * event.hours)


class PayVisit(Command):
    """Pay a visit."""

    minutes: int


@dataclass(frozen=True, slots=True)
class Visits:
    """Minutes so far."""

    minutes: int = 0


def decide(command: PayVisit, _state: Visits) -> tuple[Event, ...]:
    return (VisitPaidV2(minutes=command.minutes),)


def evolve(state: Visits, event: Event) -> Visits:
    match event:
        case VisitPaid():
            return evolve(state, upcast(event))
        case VisitPaidV2():
            return Visits(state.minutes + event.minutes)
        case _:
            return state


VISITS: Final = Decider(category="visit", initial=Visits(), decide=decide, evolve=evolve)


class Thank(Task):
    """Thank for a visit of so many minutes."""

    KIND: ClassVar[str] = "thank"
    minutes: int


def thank(_event: Recorded, data: VisitPaidV2) -> tuple[Intent, ...]:
    return (Thank(minutes=data.minutes).intent("thank", NOW),)


FEATURE: Final = Feature("visits", reactions={VisitPaid: lambda event, data: thank(event, upcast(data)), VisitPaidV2: thank})


def stored(event: Event) -> bytes:
    """The event as the log holds it."""
    tail = tail_of(event, event_id=STREAM, stream=f"visit/{STREAM}", context=Context("a", STREAM, NOW, "somebody"))
    head: dict[str, Any] = {"sequence": "000000000001", "streamversion": 1, "recordedtime": "2026-05-04T00:00:00Z"}
    return orjson.dumps(head | orjson.loads(b"{" + tail))


def test_both_versions_are_read_from_the_log_each_as_its_own_class() -> None:
    assert (find("guangcai.planted.VisitPaid.v1"), find("guangcai.planted.VisitPaid.v2")) == (VisitPaid, VisitPaidV2)
    for event in (VisitPaid(hours=2), VisitPaidV2(minutes=45)):
        assert decode(stored(event)).data == event


def test_a_decider_folds_both_and_writes_the_new_one_only() -> None:
    past = (VisitPaid(hours=2), VisitPaidV2(minutes=45))
    Scenario(VISITS).given(*past).when(PayVisit(minutes=5)).then(VisitPaidV2(minutes=5))
    assert reduce(VISITS.evolve, past, VISITS.initial) == Visits(minutes=165)


def test_reactions_hear_the_old_version_as_the_new_one() -> None:
    react = reacting([FEATURE])
    assert [intent.payload for event in (VisitPaid(hours=2), VisitPaidV2(minutes=45)) for intent in react(decode(stored(event)))] == [
        {"minutes": 120},
        {"minutes": 45},
    ]
