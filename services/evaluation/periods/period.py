"""An evaluation period: opened, its statements ordered to be published, closed, forgotten five years after its end (guard rail G15).

Invariant: periods of a district do not overlap.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from pydantic import Field

from services.evaluation.periods.missing import Missing, MissingDecision, require_decided
from shared.contracts.evaluation.codes import EvaluationOccasion, Unknown
from shared.contracts.evaluation.periods import (
    EvaluationPeriodClosed,
    EvaluationPeriodGivenUp,
    EvaluationPeriodOpened,
    StatementPublicationOrdered,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError, Reservation, Reserve
from shared.privacy.retention import given_up_on, month_after

MOST_MONTHS: Final = 24
YEARS_KEPT: Final = 5


class OpenPeriod(Command):
    """Open a period."""

    period_id: UUID
    title: str
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: tuple[EvaluationOccasion, ...]
    promotion_decision: str | None = None


class PeriodEndsBeforeItStarts(DomainError):
    """A period must end after it starts and last at most 24 months."""


class DeadlineOutsidePeriod(DomainError):
    """The programme deadline must lie within the period."""


class PeriodOverlaps(DomainError):
    """Another period of the district covers some of these months."""


class PromotionNeedsDecision(DomainError):
    """Use for promotion is off unless the district's decision is cited."""


class OrderPublication(Command):
    """Publish the statements of everybody registered in the period.

    `missing`: who cannot be rated because a side has not assessed them; `decisions` on them, one by one.
    """

    period_id: UUID
    today: date
    missing: Missing = Field(default_factory=dict[UUID, tuple[Unknown, ...]])
    decisions: Mapping[UUID, MissingDecision] = Field(default_factory=dict[UUID, MissingDecision])


class PeriodUnknown(DomainError):
    """There is no such period."""


class PeriodIsRunning(DomainError):
    """Statements are published after the period has ended."""


class PeriodIsClosed(DomainError):
    """The period is closed."""


class ClosePeriod(Command):
    """Publish nothing more."""

    period_id: UUID


class GiveUpPeriod(Command):
    """Keep nothing of it any longer."""

    period_id: UUID
    today: date


class PeriodIsKept(DomainError):
    """Statements and appeals of a period are kept for five years after it."""


PeriodCommand = OpenPeriod | OrderPublication | ClosePeriod | GiveUpPeriod


@dataclass(frozen=True, slots=True)
class Unopened:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Open:
    """Facts are gathered, statements may be published."""

    starts_on: date
    ends_on: date
    orders: int = 0
    not_rated: frozenset[UUID] = frozenset()  # whom an assessment misses and nobody waits for


@dataclass(frozen=True, slots=True)
class Closed:
    """Only appeals still move."""

    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Nothing of it can be read any more."""


PeriodState = Unopened | Open | Closed | GivenUp


def decide(command: PeriodCommand, state: PeriodState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case OpenPeriod():
            return _open(command, state)
        case OrderPublication():
            return _order(command, state)
        case ClosePeriod():
            return _close(command, state)
        case GiveUpPeriod():
            return _give_up(command, state)
        case _:
            assert_never(command)


def _open(command: OpenPeriod, state: PeriodState) -> tuple[Event, ...]:
    if not isinstance(state, Unopened):
        return ()
    if command.ends_on <= command.starts_on or len(_months(command.starts_on, command.ends_on)) > MOST_MONTHS:
        raise PeriodEndsBeforeItStarts
    if not command.starts_on <= command.programme_deadline <= command.ends_on:
        raise DeadlineOutsidePeriod
    if EvaluationOccasion.PROMOTION_RECOMMENDATION in command.occasions and not command.promotion_decision:
        raise PromotionNeedsDecision
    return (EvaluationPeriodOpened(**command.model_dump()),)


def _order(command: OrderPublication, state: PeriodState) -> tuple[Event, ...]:
    match state:
        case Unopened():
            raise PeriodUnknown
        case Open(ends_on=ends_on) if command.today <= ends_on:
            raise PeriodIsRunning
        case Open():
            return (_ordered(command, state),)
        case Closed() | GivenUp():
            raise PeriodIsClosed
        case _:
            assert_never(state)


def _ordered(command: OrderPublication, state: Open) -> StatementPublicationOrdered:
    """That nobody waits for somebody's assessment holds for later orders, too."""
    decisions = {**dict.fromkeys(state.not_rated, MissingDecision.NOT_RATED), **command.decisions}
    decided = require_decided(command.missing, decisions)
    return StatementPublicationOrdered(
        period_id=command.period_id,
        order=state.orders + 1,
        waiting=decided[MissingDecision.WAIT],
        not_rated=decided[MissingDecision.NOT_RATED],
    )


def _close(command: ClosePeriod, state: PeriodState) -> tuple[Event, ...]:
    match state:
        case Unopened():
            raise PeriodUnknown
        case Open():
            return (EvaluationPeriodClosed(period_id=command.period_id),)
        case Closed() | GivenUp():
            return ()
        case _:
            assert_never(state)


def _give_up(command: GiveUpPeriod, state: PeriodState) -> tuple[Event, ...]:
    match state:
        case Unopened():
            raise PeriodUnknown
        case Open(starts_on, ends_on) | Closed(starts_on, ends_on):
            if command.today < given_up_from(ends_on):
                raise PeriodIsKept
            return (EvaluationPeriodGivenUp(period_id=command.period_id, starts_on=starts_on, ends_on=ends_on, applied_on=command.today),)
        case GivenUp():
            return ()
        case _:
            assert_never(state)


def given_up_from(ends_on: date) -> date:
    """The first day of the month after the end, five years later."""
    return given_up_on(month_after(ends_on), YEARS_KEPT)


def evolve(state: PeriodState, event: Event) -> PeriodState:
    """Fold one event."""
    match event, state:
        case EvaluationPeriodOpened(), _:
            return Open(event.starts_on, event.ends_on)
        case StatementPublicationOrdered(), Open():
            return replace(state, orders=event.order, not_rated=state.not_rated | set(event.not_rated))
        case EvaluationPeriodClosed(), Open():
            return Closed(state.starts_on, state.ends_on)
        case EvaluationPeriodGivenUp(), _:
            return GivenUp()
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """A month of a district belongs to one period; that is what keeps periods apart, whoever opens them at the same moment."""
    match event:
        case EvaluationPeriodOpened():
            return tuple(Reserve("period month", month, PeriodOverlaps) for month in _months(event.starts_on, event.ends_on))
        case _:
            return ()


def _months(first: date, last: date) -> list[str]:
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [f"{first.year + (first.month - 1 + each) // 12}-{(first.month - 1 + each) % 12 + 1:02}" for each in range(count)]


PERIOD: Final[Decider[PeriodCommand, PeriodState]] = Decider("period", Unopened(), decide, evolve, reservations)
