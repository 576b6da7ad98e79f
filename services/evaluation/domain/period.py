"""An evaluation period: opened, its statements ordered to be published, closed. Periods of a district do not overlap."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.contracts.evaluation import EvaluationOccasion, EvaluationPeriodClosed, EvaluationPeriodOpened, StatementPublicationOrdered
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError, Reservation, Reserve

MOST_MONTHS = 24


class OpenPeriod(Command):
    """Open a period."""

    period_id: UUID
    title: str
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: tuple[EvaluationOccasion, ...]
    promotion_decision: str | None = None


class OrderPublication(Command):
    """Publish the statements of everybody registered in the period."""

    period_id: UUID
    today: date


class ClosePeriod(Command):
    """Publish nothing more."""

    period_id: UUID


PeriodCommand = OpenPeriod | OrderPublication | ClosePeriod


class PeriodEndsBeforeItStarts(DomainError):
    """A period must end after it starts and last at most 24 months."""


class DeadlineOutsidePeriod(DomainError):
    """The programme deadline must lie within the period."""


class PeriodOverlaps(DomainError):
    """Another period of the district covers some of these months."""


class PromotionNeedsDecision(DomainError):
    """Use for promotion is off unless the district's decision is cited."""


class PeriodUnknown(DomainError):
    """There is no such period."""


class PeriodIsRunning(DomainError):
    """Statements are published after the period has ended."""


class PeriodIsClosed(DomainError):
    """The period is closed."""


@dataclass(frozen=True, slots=True)
class Unopened:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Open:
    """Facts are gathered, statements may be published."""

    ends_on: date
    orders: int = 0


@dataclass(frozen=True, slots=True)
class Closed:
    """Only appeals still move."""


PeriodState = Unopened | Open | Closed


def decide(command: PeriodCommand, state: PeriodState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command, state:
        case OpenPeriod(), Unopened():
            return _open(command)
        case OpenPeriod(), _:
            return ()
        case _, Unopened():
            raise PeriodUnknown
        case OrderPublication(), Open():
            return _order(command, state)
        case OrderPublication(), Closed():
            raise PeriodIsClosed
        case ClosePeriod(), Open():
            return (EvaluationPeriodClosed(period_id=command.period_id),)
        case ClosePeriod(), Closed():
            return ()


def _open(command: OpenPeriod) -> tuple[Event, ...]:
    if command.ends_on <= command.starts_on or len(_months(command.starts_on, command.ends_on)) > MOST_MONTHS:
        raise PeriodEndsBeforeItStarts
    if not command.starts_on <= command.programme_deadline <= command.ends_on:
        raise DeadlineOutsidePeriod
    if EvaluationOccasion.PROMOTION_RECOMMENDATION in command.occasions and not command.promotion_decision:
        raise PromotionNeedsDecision
    return (EvaluationPeriodOpened(**command.model_dump()),)


def _order(command: OrderPublication, state: Open) -> tuple[Event, ...]:
    if command.today <= state.ends_on:
        raise PeriodIsRunning
    return (StatementPublicationOrdered(period_id=command.period_id, order=state.orders + 1),)


def evolve(state: PeriodState, event: Event) -> PeriodState:
    """Fold one event."""
    match event:
        case EvaluationPeriodOpened():
            return Open(event.ends_on)
        case StatementPublicationOrdered() if isinstance(state, Open):
            return Open(state.ends_on, event.order)
        case EvaluationPeriodClosed():
            return Closed()
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


PERIOD: Decider[PeriodCommand, PeriodState] = Decider("period", Unopened(), decide, evolve, reservations)
