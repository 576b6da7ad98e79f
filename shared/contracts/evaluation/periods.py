"""Periods of evaluation and the rule sets that hold in them."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from shared.contracts.evaluation.codes import EvaluationOccasion, Reason
from shared.contracts.event import Event


class EvaluationPeriodOpened(Event):
    """A period of evaluation began to exist; members register by the programme deadline."""

    TYPE: ClassVar[str] = "guangcai.evaluation.EvaluationPeriodOpened"
    VERSION: ClassVar[int] = 1
    period_id: UUID
    title: str
    starts_on: date
    ends_on: date
    programme_deadline: date
    occasions: tuple[EvaluationOccasion, ...]
    promotion_decision: str | None = None  # the district's decision that enables use for promotion


class StatementPublicationOrdered(Event):
    """The district ordered the statements of a period to be published; evaluation works through the members."""

    TYPE: ClassVar[str] = "guangcai.evaluation.StatementPublicationOrdered"
    VERSION: ClassVar[int] = 1
    period_id: UUID
    order: int  # 1, 2, … : a later order publishes who came later and restates who changed
    waiting: tuple[UUID, ...] = ()  # an assessment of theirs is missing: published by a later order
    not_rated: tuple[UUID, ...] = ()  # an assessment of theirs is missing: published without a grade for that reason


class EvaluationPeriodClosed(Event):
    """Nothing more is published for the period, except restatements after appeals."""

    TYPE: ClassVar[str] = "guangcai.evaluation.EvaluationPeriodClosed"
    VERSION: ClassVar[int] = 1
    period_id: UUID


class EvaluationPeriodGivenUp(Event):
    """The period has been over for five years: its statements, appeals and assessments stand in no list and can be read by nobody."""

    TYPE: ClassVar[str] = "guangcai.evaluation.EvaluationPeriodGivenUp"
    VERSION: ClassVar[int] = 1
    period_id: UUID
    starts_on: date
    ends_on: date
    applied_on: date


class RuleSetDrafted(Event):
    """A version of the scoring rules was written down; it binds nobody yet."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RuleSetDrafted"
    VERSION: ClassVar[int] = 1
    rule_set_id: UUID
    programme: str
    version: int
    title: str
    legal_basis: str
    definition: dict[str, Any]


class RuleSetPublished(Event):
    """A version of the scoring rules became immutable and takes effect on a date announced in advance."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RuleSetPublished"
    VERSION: ClassVar[int] = 1
    rule_set_id: UUID
    programme: str
    version: int
    title: str
    legal_basis: str
    published_on: date
    effective_from: date
    effective_to: date | None = None
    notice_days: int
    retroactive_reason: str | None = None
    definition: dict[str, Any]


class RuleSetRetired(Event):
    """A version of the scoring rules stops applying after a date."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RuleSetRetired"
    VERSION: ClassVar[int] = 1
    rule_set_id: UUID
    effective_to: date
    reason: Reason
