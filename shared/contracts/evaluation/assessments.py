"""What people say of a member's service: unit, community, residents; and the quarterly report that goes back to the unit."""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.evaluation.codes import CommunityOpinion, MeetingKind, Reason, RubricItem
from shared.contracts.event import Event, Value


class RubricScore(Value):
    """One judged item, 0 to 10; 4 or less needs a written reason."""

    item: RubricItem
    score: Annotated[int, Field(ge=0, le=10)]
    reason: Annotated[str, StringConstraints(max_length=200)] = ""


class MeetingAttendance(Value):
    """Meetings of one kind in the whole period, counted: never a single meeting, nor why somebody was excused."""

    kind: MeetingKind
    attended: Annotated[int, Field(ge=0, le=1000)]
    required: Annotated[int, Field(ge=0, le=1000)]
    excused: Annotated[int, Field(ge=0, le=1000)]


class UnitAssessmentSubmitted(Event):
    """The unit's half of the dual evaluation; a later one for the same case replaces it. The sums count, `meetings` say what of."""

    TYPE: ClassVar[str] = "guangcai.evaluation.UnitAssessmentSubmitted"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID
    unit_id: UUID
    attended: int
    required: int
    excused: int
    rubric: tuple[RubricScore, ...]
    unit_tasks: int
    assessed_by: str  # who may not review an appeal later
    meetings: tuple[MeetingAttendance, ...] = ()  # by kind; none: the unit stated sums only


class CommunityAssessmentSubmitted(Event):
    """The community's word; it stands beside the score and does not change it."""

    TYPE: ClassVar[str] = "guangcai.evaluation.CommunityAssessmentSubmitted"
    VERSION: ClassVar[int] = 1
    member_id: UUID
    period_id: UUID
    community_id: UUID
    opinion: CommunityOpinion
    reason: Annotated[str, StringConstraints(max_length=200)] = ""
    assessed_by: str


class RatingInvited(Event):
    """A resident received a one-time link to rate the service of one member in one activity; only the token's hash is kept."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RatingInvited"
    VERSION: ClassVar[int] = 1
    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    served_on: date
    expires_on: date
    rater_token_hash: str


class RatingSubmitted(Event):
    """A resident rated a service from 1 to 5."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RatingSubmitted"
    VERSION: ClassVar[int] = 1
    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID
    served_on: date
    rating: Annotated[int, Field(ge=1, le=5)]
    rater_token_hash: str


class RatingWithheld(Event):
    """A resident chose not to rate."""

    TYPE: ClassVar[str] = "guangcai.evaluation.RatingWithheld"
    VERSION: ClassVar[int] = 1
    invitation_id: UUID
    activity_id: UUID
    member_id: UUID
    community_id: UUID


class CommendationGranted(Event):
    """The programme commended a member in writing."""

    TYPE: ClassVar[str] = "guangcai.evaluation.CommendationGranted"
    VERSION: ClassVar[int] = 1
    commendation_id: UUID
    member_id: UUID
    period_id: UUID
    granted_on: date
    reason: Reason


class FeedbackReportDrafted(Event):
    """The community wrote a quarterly report about a member; the member sees it before the unit does."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportDrafted"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    year: int
    quarter: int
    activities: int
    minutes: int
    remark: Annotated[str, StringConstraints(max_length=200)] = ""
    comment_until: date


class FeedbackReportCommented(Event):
    """The member commented on a report before it was sent."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportCommented"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    comment: Reason


class FeedbackReportSent(Event):
    """The report went to the work unit, with the member's comment."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportSent"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
    year: int
    quarter: int


class FeedbackReportAcknowledged(Event):
    """The work unit has taken note of the report."""

    TYPE: ClassVar[str] = "guangcai.evaluation.FeedbackReportAcknowledged"
    VERSION: ClassVar[int] = 1
    report_id: UUID
    member_id: UUID
    community_id: UUID
    unit_id: UUID
