"""Events of help pairings (结对帮扶): members who stand by somebody. Who is helped is not said; the community keeps that on paper."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.activities.codes import RecipientType, ReleaseReason
from shared.contracts.event import Event, Value


class PairingProgress(StrEnum):
    """What a review found, about the goal and never about the helped."""

    ON_COURSE = "ON_COURSE"
    NEEDS_CHANGE = "NEEDS_CHANGE"
    GOAL_REACHED = "GOAL_REACHED"


class PairingPause(StrEnum):
    """Why a pairing rests."""

    TOO_FEW_HELPERS = "TOO_FEW_HELPERS"
    NO_PARENTAL_CONSENT = "NO_PARENTAL_CONSENT"


class PairingEnd(StrEnum):
    """Why a pairing ended."""

    GOAL_REACHED = "GOAL_REACHED"
    TERM_OVER = "TERM_OVER"
    WISH_OF_THE_HELPED = "WISH_OF_THE_HELPED"
    COMMUNITY_DECISION = "COMMUNITY_DECISION"


class _Pairing(Value):
    pairing_id: UUID
    community_id: UUID


class HelpPairingOffered(_Pairing, Event):
    """A community looks for helpers. `file_no` is the number of the community's own paper file, the only way to the helped."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingOffered"
    VERSION: ClassVar[int] = 1

    recipient_type: RecipientType
    goal: str
    file_no: str | None = None
    need_id: UUID | None = None
    helpers_wanted: int
    is_with_minors: bool
    term_start: date
    term_end: date
    review_by: date


class ParentalConsentStated(_Pairing, Event):
    """Whether the community holds the written consent of those who have custody of the minor; the paper stays with the community."""

    TYPE: ClassVar[str] = "guangcai.activities.ParentalConsentStated"
    VERSION: ClassVar[int] = 1

    is_given: bool
    stated_by: str


class HelpPairingJoined(_Pairing, Event):
    """The member takes part, by their own act or (`assisted_consent`) by word to the community."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingJoined"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    assisted_consent: str | None = None


class HelpPairingStarted(_Pairing, Event):
    """Everything that it needs is there: helpers, two of them with minors, and the consent."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingStarted"
    VERSION: ClassVar[int] = 1

    member_ids: tuple[UUID, ...]


class HelpPairingPaused(_Pairing, Event):
    """Something that it needs is missing; no visits until it starts again."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingPaused"
    VERSION: ClassVar[int] = 1

    cause: PairingPause


class HelpPairingVisited(_Pairing, Event):
    """Helpers were there on that day. With minors never one alone: two helpers, or another adult named by function."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingVisited"
    VERSION: ClassVar[int] = 1

    visited_on: date
    member_ids: tuple[UUID, ...]
    second_adult: str | None = None
    noted_by: str


class HelpPairingReviewed(_Pairing, Event):
    """The community looked at how the goal stands; `review_by` is when it looks again."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingReviewed"
    VERSION: ClassVar[int] = 1

    progress: PairingProgress
    note: str | None
    reviewed_by: str
    review_by: date


class HelpPairingLeft(_Pairing, Event):
    """The member no longer takes part."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingLeft"
    VERSION: ClassVar[int] = 1

    member_id: UUID
    reason: ReleaseReason


class HelpPairingEnded(_Pairing, Event):
    """The pairing is over."""

    TYPE: ClassVar[str] = "guangcai.activities.HelpPairingEnded"
    VERSION: ClassVar[int] = 1

    reason: PairingEnd
    ended_by: str
