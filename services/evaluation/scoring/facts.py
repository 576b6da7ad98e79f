"""What a score is made of: facts, one per scoring-relevant event. Their kinds are the allow-list of the whole engine.

Invariant: a score is made of the facts that count, the latest revision of every subject unless it is voided (facts/queries.py says which);
the order in which they are heard changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

STANDING = date.max  # `until` of a fact that holds until something ends it


class FactKind(StrEnum):
    """Everything that can ever earn or cost a point. Log-ins, likes, money and goods are not here, and nothing outside the programme."""

    REGISTERED = "REGISTERED"  # a community confirmed that the member reported there
    RENEWED = "RENEWED"  # the member confirmed profile and willingness
    ITEM = "ITEM"  # one of the six ones, completed by confirmed work
    SERVICE = "SERVICE"  # a confirmed activity record
    DUTY = "DUTY"  # units agreed for a post
    RATING = "RATING"  # a resident's 1 to 5
    SUGGESTION_ADOPTED = "SUGGESTION_ADOPTED"
    COMMENDATION = "COMMENDATION"
    NO_SHOW = "NO_SHOW"  # unexcused
    POST_ABANDONED = "POST_ABANDONED"  # upheld after a hearing
    RECORD_FALSE = "RECORD_FALSE"  # upheld after a hearing
    UNIT_ASSESSMENT = "UNIT_ASSESSMENT"


ATTRIBUTES: Mapping[FactKind, frozenset[str]] = {  # what a rule may look at
    FactKind.REGISTERED: frozenset(),
    FactKind.RENEWED: frozenset({"half"}),
    FactKind.ITEM: frozenset({"item"}),
    FactKind.SERVICE: frozenset(
        {"activity_id", "activity_type", "time_band", "evidence_level", "minutes", "post_id", "duty_units", "second_confirmed"}
    ),
    FactKind.DUTY: frozenset({"post_id", "agreed_units"}),
    FactKind.RATING: frozenset({"rating"}),
    FactKind.SUGGESTION_ADOPTED: frozenset(),
    FactKind.COMMENDATION: frozenset(),
    FactKind.NO_SHOW: frozenset(),
    FactKind.POST_ABANDONED: frozenset(),
    FactKind.RECORD_FALSE: frozenset(),
    FactKind.UNIT_ASSESSMENT: frozenset(
        {"attended", "required", "excused", "unit_tasks", "JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT"}
    ),
}


def part(attribute: str, of: str) -> str:
    """Name under which a fact states a part of a quantity: it explains a line, and rules do not look at it."""
    return f"{attribute}.{of}"


class Fact(NamedTuple):  # made by the million, as are entries, awards and drafts
    """One event as scoring sees it. `subject` is what it is about (a record, a claim, …), `revision` its place among the facts on it."""

    kind: FactKind
    subject: str
    revision: int
    occurred: date
    event_id: UUID
    data: Mapping[str, str | int] = MappingProxyType({})
    until: date | None = None  # last day it holds; None: the day it occurred
    voided: bool = False
    evidence: tuple[UUID, ...] = ()  # further events that prove it
    replaces: UUID | None = None  # the event that this one corrects

    @property
    def sources(self) -> tuple[UUID, ...]:
        """The events behind it."""
        return (self.event_id, *self.evidence)

    @property
    def last_day(self) -> date:
        """Last day it holds."""
        return self.until or self.occurred

    def number(self, attribute: str, of: str | None = None) -> int:
        """A quantity, or the part `of` it; what is not stated is 0."""
        return int(self.data.get(part(attribute, of) if of else attribute, 0))

    def parts(self, attribute: str) -> tuple[str, ...]:
        """What the quantity is made of, where that is stated."""
        return tuple(sorted(name.removeprefix(part(attribute, "")) for name in self.data if name.startswith(part(attribute, ""))))


@dataclass(frozen=True, slots=True)
class Period:
    """The days that are evaluated together; `opened_by` is the event that opened it."""

    period_id: UUID
    starts_on: date
    ends_on: date
    programme_deadline: date
    opened_by: UUID

    @property
    def days(self) -> int:
        """Length, both ends included."""
        return (self.ends_on - self.starts_on).days + 1

    def nearest(self, day: date) -> date:
        """The day itself, or the end of the period that is nearest to it."""
        return min(max(day, self.starts_on), self.ends_on)


@dataclass(frozen=True, slots=True)
class Registrant:
    """A member as scoring needs to know it in one period; `opened_by` is the event that made it a registrant.

    `is_community_assessed`: the community has said its word. `is_unit_elsewhere`: the unit belongs to another district.
    """

    member_id: UUID
    unit_id: UUID
    community_id: UUID
    opened_by: UUID
    eligible_days: int
    is_community_assessed: bool = True
    is_unit_elsewhere: bool = False
    is_probationary: bool = False
    is_exempted: bool = False
    has_open_appeal: bool = False
    waived: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Case:
    """One member in one period: all that a rule may know besides the facts that triggered it."""

    period: Period
    registrant: Registrant
    facts: tuple[Fact, ...] = ()

    @property
    def share(self) -> Decimal:
        """The f of the formulas: the part of the period in which the member was eligible."""
        return Decimal(self.registrant.eligible_days) / self.period.days

    @property
    def opened_by(self) -> tuple[UUID, ...]:
        """Source of lines that rest on membership alone."""
        return (self.registrant.opened_by, self.period.opened_by)


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """The order in which caps and bands are consumed."""
    return tuple(sorted(facts, key=lambda fact: (fact.occurred, fact.event_id)))
