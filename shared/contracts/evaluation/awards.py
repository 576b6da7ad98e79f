"""What an award round decides: opened, nominated, consented, voted on, publicised, granted. Nothing here is ever counted as points.

`unit_id` or `community_id` of a nomination is who nominated; elsewhere `community_id` is whose round it is, none for the district's.
"""

from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.contracts.evaluation.codes import (
    AwardLevel,
    AwardObjectionGround,
    AwardOutcome,
    LapseCause,
    NominationGround,
    Reason,
    RoundOutcome,
)
from shared.contracts.event import Event
from shared.contracts.values import HAS_LINES

Criteria = Annotated[str, HAS_LINES, StringConstraints(min_length=1, max_length=2000)]  # on the award, not on a person


class AwardRoundOpened(Event):
    """A district or community opened an award round: what it asks for, how many awards at most, and every day by which something is due."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardRoundOpened"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    period_id: UUID
    level: AwardLevel
    community_id: UUID | None = None
    title: str
    criteria: Criteria
    awards: Annotated[int, Field(ge=1)]
    nominate_until: date
    consent_until: date
    vote_until: date
    notice_days: int  # working days


class AwardPanelAppointed(Event):
    """Who decides; a later panel replaces it as long as nobody has voted."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardPanelAppointed"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    panel: tuple[str, ...]


class MemberNominated(Event):
    """A unit or community nominated a member, who is asked; without their yes it goes no further."""

    TYPE: ClassVar[str] = "guangcai.evaluation.MemberNominated"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    member_id: UUID
    unit_id: UUID | None = None
    community_id: UUID | None = None
    title: str
    grounds: tuple[NominationGround, ...]
    reason: Reason
    consent_until: date
    nominated_by: str


class NominationAccepted(Event):
    """The member agreed to be put before the panel and, if chosen, on the public notice."""

    TYPE: ClassVar[str] = "guangcai.evaluation.NominationAccepted"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    member_id: UUID


class NominationDeclined(Event):
    """The member does not want to be nominated, or not any more. No reason is asked and it costs nothing."""

    TYPE: ClassVar[str] = "guangcai.evaluation.NominationDeclined"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    member_id: UUID
    unit_id: UUID | None = None
    community_id: UUID | None = None
    title: str


class NominationLapsed(Event):
    """A nomination ended without anybody's judgement."""

    TYPE: ClassVar[str] = "guangcai.evaluation.NominationLapsed"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    member_id: UUID
    title: str
    cause: LapseCause


class PanelVoteCast(Event):
    """Somebody on the panel voted on one nominee; a later vote with the same ballot replaces it.

    Whose ballot it is stands nowhere. What it says can be read with evaluation's key alone (ADR 16).
    """

    TYPE: ClassVar[str] = "guangcai.evaluation.PanelVoteCast"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    member_id: UUID
    ballot: str
    sealed: str


class AwardDecided(Event):
    """What the panel decided on one nominee, without numbers."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardDecided"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    member_id: UUID
    title: str
    outcome: AwardOutcome


class PublicNoticePosted(Event):
    """公示: who was chosen is publicised until the day named, and everybody may object."""

    TYPE: ClassVar[str] = "guangcai.evaluation.PublicNoticePosted"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    community_id: UUID | None = None
    title: str
    member_ids: tuple[UUID, ...]
    posted_on: date
    until: date


class AwardObjected(Event):
    """Somebody objected during the public notice; the nominee may comment and it is answered before any result."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardObjected"
    VERSION: ClassVar[int] = 1
    objection_id: UUID
    round_id: UUID
    member_id: UUID
    community_id: UUID | None = None
    title: str
    ground: AwardObjectionGround
    reason: Reason
    raised_by: str
    raised_on: date
    comment_until: date
    answer_by: date


class AwardObjectionCommented(Event):
    """The nominee said what they have to say to it."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardObjectionCommented"
    VERSION: ClassVar[int] = 1
    objection_id: UUID
    round_id: UUID
    member_id: UUID
    comment: Reason


class AwardObjectionUpheld(Event):
    """The objection holds: the nominee does not get the award."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardObjectionUpheld"
    VERSION: ClassVar[int] = 1
    objection_id: UUID
    round_id: UUID
    member_id: UUID
    title: str
    reason: Reason
    answered_by: str


class AwardObjectionDismissed(Event):
    """The objection was looked into and the choice stands."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardObjectionDismissed"
    VERSION: ClassVar[int] = 1
    objection_id: UUID
    round_id: UUID
    member_id: UUID
    title: str
    reason: Reason
    answered_by: str


class AwardGranted(Event):
    """After the notice and without an open objection the member has the award. It is an honour and gives no points."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardGranted"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    member_id: UUID
    period_id: UUID
    level: AwardLevel
    community_id: UUID | None = None
    title: str
    granted_on: date


class AwardRoundClosed(Event):
    """The round is over."""

    TYPE: ClassVar[str] = "guangcai.evaluation.AwardRoundClosed"
    VERSION: ClassVar[int] = 1
    round_id: UUID
    outcome: RoundOutcome
    closed_on: date
    reason: Annotated[str, StringConstraints(max_length=200)] = ""
