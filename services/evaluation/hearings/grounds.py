"""What may be held against a member: only what an event shows, of that member, of the kind that the rule asks for, in the period."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final
from uuid import UUID

from services.evaluation.cases.hearing_phases import Charge
from services.evaluation.scoring.facts import Fact, FactKind, Period
from shared.contracts.evaluation.codes import DeductionKind
from shared.decider import DomainError


class SourceEventUnknown(DomainError):
    """No such event of this member is known; name the one that shows what is held against them."""


class SourceEventShowsSomethingElse(DomainError):
    """The event named does not show this."""


class SourceEventOutsidePeriod(DomainError):
    """What the event shows happened on {day}, outside the period."""


def require_shown(kind: DeductionKind, source_event_id: UUID, known: Iterable[Fact], period: Period) -> None:
    """Raise unless the source event shows what is held against the member. `known`: all facts on its subject."""
    source = next((fact for fact in known if fact.event_id == source_event_id), None)
    if source is None:
        raise SourceEventUnknown
    day = SHOWN[kind](source)
    if day is None:
        raise SourceEventShowsSomethingElse(kind=kind)
    if not period.starts_on <= day <= period.ends_on:
        raise SourceEventOutsidePeriod(day=day.isoformat())


def charges(kind: DeductionKind, source_event_id: UUID, known: Iterable[Fact]) -> frozenset[Charge]:
    """The charge in every form it can have: a record that was corrected, say, is known by several events."""
    return frozenset((kind, each) for each in (source_event_id, *(fact.event_id for fact in known)))


def _abandoned(fact: Fact) -> date | None:
    """The day on which the holder of a post was said to stay away without a word."""
    day = fact.data.get("abandoned_on") if fact.kind is FactKind.DUTY else None
    return date.fromisoformat(str(day)) if day else None


def _recorded(fact: Fact) -> date | None:
    """The day of a record that was confirmed, whether it still counts or not."""
    return fact.occurred if fact.kind is FactKind.SERVICE and not fact.voided else None


SHOWN: Final[Mapping[DeductionKind, Callable[[Fact], date | None]]] = {
    DeductionKind.POST_ABANDONED: _abandoned,
    DeductionKind.RECORD_FALSE: _recorded,
}
