"""Score statements: published, restated, confirmed by people, handed on. Scores are `Decimal` in hundredths; no line without its events."""

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.evaluation.codes import (
    AdjustmentKind,
    ConfirmedGrade,
    EvaluationOccasion,
    NotRatedReason,
    ReferenceGrade,
    RestatementCause,
    Side,
    Unknown,
)
from shared.contracts.event import Event, Value


class Adjustment(Value):
    """One step between the raw value of a line and its points."""

    kind: AdjustmentKind
    delta: Decimal


class ScoreLine(Value):
    """One explained amount: `points == raw + sum of adjustment deltas`, always with the events behind it."""

    line_id: UUID
    member_id: UUID
    period_id: UUID
    side: Side
    category: str
    rule_id: str
    rule_set_id: UUID
    rule_set_version: int
    occurred: date
    source_event_ids: Annotated[tuple[UUID, ...], Field(min_length=1)]
    inputs: dict[str, str]
    raw: Decimal
    adjustments: tuple[Adjustment, ...] = ()
    points: Decimal
    text_zh: str
    text_en: str
    reverses: UUID | None = None


class CategoryTotal(Value):
    """The sum of the lines of one category (None: its side is not known), with its cap as it applied to this member (None: unlimited)."""

    side: Side
    category: str
    name_zh: str
    name_en: str
    cap: Decimal | None
    points: Decimal | None
    waived: bool = False


class RuleSetReference(Value):
    """A rule set that took part in a statement."""

    rule_set_id: UUID
    version: int
    title: str


class LineChange(Value):
    """One difference between two versions of a statement; a missing side means the line did not exist there."""

    line_id: UUID
    category: str
    before: Decimal | None
    after: Decimal | None


class ScoreStatementPublished(Event):
    """A member's score statement became known to the member; a reference, not a decision."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ScoreStatementPublished"
    VERSION: ClassVar[int] = 1
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    community_id: UUID
    version: int
    rule_sets: tuple[RuleSetReference, ...]
    eligible_days: int
    period_days: int
    unit_score: Decimal | None  # None, here and below: not known
    community_score: Decimal | None
    score: Decimal | None
    grade: ReferenceGrade
    not_rated_reason: NotRatedReason | None = None
    level: str | None = None  # star level where a district has them
    appeal_until: date
    categories: tuple[CategoryTotal, ...]
    lines: tuple[ScoreLine, ...]
    is_proposal_refused: bool = False  # no grade at the member's wish; nobody could wish so in the beginning
    unknown: tuple[Unknown, ...] = ()


class ScoreStatementRestated(Event):
    """A published statement was replaced by a corrected one; both remain in the history."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ScoreStatementRestated"
    VERSION: ClassVar[int] = 1
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    community_id: UUID
    version: int
    previous_version: int
    previous_score: Decimal | None
    previous_grade: ReferenceGrade
    cause: RestatementCause
    cause_event_id: UUID | None = None
    diff: tuple[LineChange, ...]
    rule_sets: tuple[RuleSetReference, ...]
    eligible_days: int
    period_days: int
    unit_score: Decimal | None  # None, here and below: not known
    community_score: Decimal | None
    score: Decimal | None
    grade: ReferenceGrade
    not_rated_reason: NotRatedReason | None = None
    level: str | None = None
    appeal_until: date
    categories: tuple[CategoryTotal, ...]
    lines: tuple[ScoreLine, ...]
    is_proposal_refused: bool = False  # no grade at the member's wish; nobody could wish so in the beginning
    unknown: tuple[Unknown, ...] = ()
    was_confirmed: bool = False  # people had decided the grade with an earlier version before them

    @property
    def is_score_changed(self) -> bool:
        """Whether the score is another one than before."""
        return self.score != self.previous_score

    @property
    def is_score_kept(self) -> bool:
        """Whether the score stayed what it was: something else of the statement changed."""
        return not self.is_score_changed


class ReferenceGradeConfirmed(Event):
    """People decided the grade; the statement was their reference."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ReferenceGradeConfirmed"
    VERSION: ClassVar[int] = 1
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    statement_version: int
    reference_grade: ReferenceGrade
    grade: ConfirmedGrade
    reasons: Annotated[str, StringConstraints(max_length=200)] = ""
    heard_on: date | None = None


class StatementExported(Event):
    """A statement was handed to a named recipient for one enabled occasion and a limited time."""

    TYPE: ClassVar[str] = "guangcai.evaluation.StatementExported"
    VERSION: ClassVar[int] = 1
    export_id: UUID
    statement_id: UUID
    member_id: UUID
    period_id: UUID
    statement_version: int
    occasion: EvaluationOccasion
    recipient: str
    expires_on: date
    unit_id: UUID | None = None  # that handed it on; not stated in the beginning


class _Handout(Value):
    export_id: UUID
    member_id: UUID
    period_id: UUID
    unit_id: UUID | None = None
    recipient: str
    expires_on: date


class StatementExportExpired(_Handout, Event):
    """The day until which it was handed on is over, and nobody has confirmed that it is destroyed. Said once."""

    TYPE: ClassVar[str] = "guangcai.evaluation.StatementExportExpired"
    VERSION: ClassVar[int] = 1


class StatementExportOutdated(_Handout, Event):
    """The statement was restated: what the recipient has is an earlier version of it."""

    TYPE: ClassVar[str] = "guangcai.evaluation.StatementExportOutdated"
    VERSION: ClassVar[int] = 1
    statement_version: int  # that replaces it


class StatementExportDestroyed(_Handout, Event):
    """The recipient has destroyed it, on the word of the unit that handed it on."""

    TYPE: ClassVar[str] = "guangcai.evaluation.StatementExportDestroyed"
    VERSION: ClassVar[int] = 1
    destroyed_on: date
    confirmed_by: str
