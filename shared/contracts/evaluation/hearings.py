"""What protects the member: hearings before deductions, exemptions, waivers, the refusal of a proposed grade, appeals."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.evaluation.codes import DeductionKind, ExemptionReason, Reason, WaiverReason
from shared.contracts.event import Event


class DeductionProposed(Event):
    """A deduction was proposed; the member has been told and may answer until the day named. It costs nothing yet."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionProposed"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    community_id: UUID
    kind: DeductionKind
    source_event_id: UUID
    reason: Reason
    answer_until: date
    proposed_by: str


class DeductionAnswered(Event):
    """The member answered a proposed deduction."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionAnswered"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    answer: Reason


class DeductionUpheld(Event):
    """After the hearing the deduction takes effect."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionUpheld"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    kind: DeductionKind
    source_event_id: UUID
    reason: Reason
    decided_by: str


class DeductionDropped(Event):
    """After the hearing nothing is deducted, or what was deducted is taken back after an appeal."""

    TYPE: ClassVar[str] = "guangcai.evaluation.DeductionDropped"
    VERSION: ClassVar[int] = 1
    deduction_id: UUID
    member_id: UUID
    period_id: UUID
    kind: DeductionKind
    reason: Reason
    decided_by: str


class ExemptionGranted(Event):
    """The days named do not count as eligible; a whole period exempted is not rated."""

    TYPE: ClassVar[str] = "guangcai.evaluation.ExemptionGranted"
    VERSION: ClassVar[int] = 1
    exemption_id: UUID
    member_id: UUID
    period_id: UUID
    starts_on: date
    ends_on: date
    reason_code: ExemptionReason


class CategoryWaived(Event):
    """A category is not asked of this member; the remaining ones are scaled to the full side."""

    TYPE: ClassVar[str] = "guangcai.evaluation.CategoryWaived"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID
    category: str
    reason_code: WaiverReason


class GradeProposalRefused(Event):
    """The member wants no grade proposed by the engine: people decide alone, in their own words. No reason is asked and no point lost."""

    TYPE: ClassVar[str] = "guangcai.evaluation.GradeProposalRefused"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    is_first: bool  # the unit is told once


class GradeProposalRefusalTakenBack(Event):
    """The member has nothing against a proposed grade any more."""

    TYPE: ClassVar[str] = "guangcai.evaluation.GradeProposalRefusalTakenBack"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID


class AppealLodged(Event):
    """The member contests a statement; until the decision its grade is under review."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealLodged"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    statement_version: int
    unit_id: UUID
    community_id: UUID
    line_ids: tuple[UUID, ...]
    grounds: Reason
    decide_by: date


class AppealAccepted(Event):
    """An independent reviewer found for the member. In the same act the statement is restated, or it is said why nothing changes; neither
    where it was lodged under an entry that was merged into another: the statement of that one is restated.
    """

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealAccepted"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    unit_id: UUID
    community_id: UUID
    reasons: Reason
    reviewer: str
    restated_version: int | None = None
    unchanged_because: Reason | None = None


class AppealRejected(Event):
    """An independent reviewer found no error; the member may escalate once."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealRejected"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    unit_id: UUID
    community_id: UUID
    reasons: Reason
    reviewer: str
    final: bool


class AppealEscalated(Event):
    """The member took a rejected appeal one level up."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AppealEscalated"
    VERSION: ClassVar[int] = 1
    appeal_id: UUID
    member_id: UUID
    period_id: UUID
    statement_id: UUID
    grounds: Reason
    decide_by: date
