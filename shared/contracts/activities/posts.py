"""Events of a post: proposed, established, claimed, waited for, taken up, released, fulfilled. All of them live in the post's stream."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from shared.contracts.activities.codes import ClaimRejection, DutySlot, ReleaseReason
from shared.contracts.event import Event, Value
from shared.contracts.service_preference import PostCategory


class _PostFacts(Value):
    post_id: UUID
    community_id: UUID
    title: str
    category: PostCategory
    duties: str
    place: str
    capacity: int
    waiting_list_limit: int
    agreed_units: int
    term_start: date
    term_end: date
    slots: tuple[DutySlot, ...] = ()
    skills: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    qualification: str | None = None
    insurance: str | None = None
    need_id: UUID | None = None
    area_id: UUID | None = None
    is_with_minors: bool = False
    safeguarding: str | None = None
    is_time_banked: bool = False
    is_vanguard: bool = False


class PostProposed(_PostFacts, Event):
    """创岗: a community proposes a post, perhaps from a resident need. `area_id`: the responsibility area it is for (四包); `safeguarding`
    says how minors are protected on a post with them; `is_time_banked`: confirmed minutes are credited in the time bank;
    `is_vanguard`: a vanguard post (党员先锋岗), a word about the post and never about who holds it.
    """

    TYPE: ClassVar[str] = "guangcai.activities.PostProposed"
    VERSION: ClassVar[int] = 1


class PostEstablished(_PostFacts, Event):
    """设岗: the post is open for claims."""

    TYPE: ClassVar[str] = "guangcai.activities.PostEstablished"
    VERSION: ClassVar[int] = 1


class PostAmended(_PostFacts, Event):
    """The post now is as stated here; earlier claims stay as they were agreed."""

    TYPE: ClassVar[str] = "guangcai.activities.PostAmended"
    VERSION: ClassVar[int] = 1

    reason: str


class PostClosed(Event):
    """No further claims; those who held it are released by events of their own."""

    TYPE: ClassVar[str] = "guangcai.activities.PostClosed"
    VERSION: ClassVar[int] = 1

    post_id: UUID
    community_id: UUID
    reason: str


class _ClaimFacts(Value):
    post_id: UUID
    claim_id: UUID
    member_id: UUID
    community_id: UUID


class PostClaimed(_ClaimFacts, Event):
    """认岗: the member holds a place. `assisted_consent` says how the member agreed when somebody else entered the claim."""

    TYPE: ClassVar[str] = "guangcai.activities.PostClaimed"
    VERSION: ClassVar[int] = 1

    agreed_units: int
    from_waiting_list: bool = False
    assisted_consent: str | None = None


class PostClaimWaitlisted(_ClaimFacts, Event):
    """All places are taken; the member waits. `position` counts from 1 at this moment."""

    TYPE: ClassVar[str] = "guangcai.activities.PostClaimWaitlisted"
    VERSION: ClassVar[int] = 1

    agreed_units: int
    position: int
    assisted_consent: str | None = None


class PostClaimRejected(_ClaimFacts, Event):
    """The claim could not be granted."""

    TYPE: ClassVar[str] = "guangcai.activities.PostClaimRejected"
    VERSION: ClassVar[int] = 1

    reason: ClaimRejection


class PostClaimWithdrawn(_ClaimFacts, Event):
    """A claim that was waiting or not yet taken up ended, by the member or (with a reason) by the community."""

    TYPE: ClassVar[str] = "guangcai.activities.PostClaimWithdrawn"
    VERSION: ClassVar[int] = 1

    was_waiting: bool
    reason: ReleaseReason
    note: str | None = None


class PostTakenUp(_ClaimFacts, Event):
    """领岗: the community confirmed the claim; from now on the agreed units count."""

    TYPE: ClassVar[str] = "guangcai.activities.PostTakenUp"
    VERSION: ClassVar[int] = 1

    agreed_units: int
    taken_up_on: date


class PostReleased(_ClaimFacts, Event):
    """A taken-up post was given back. `agreed_units` is what still counts: pro rata to the days held when properly released
    (`with_notice`), the whole agreement otherwise; `originally_agreed_units` is what was agreed at first.
    """

    TYPE: ClassVar[str] = "guangcai.activities.PostReleased"
    VERSION: ClassVar[int] = 1

    reason: ReleaseReason
    note: str | None = None
    released_on: date
    notice_days: int
    with_notice: bool
    fulfilled_units: int
    agreed_units: int
    originally_agreed_units: int


class PostFulfilled(_ClaimFacts, Event):
    """The term of a taken-up post ended; done against agreed, from confirmed records."""

    TYPE: ClassVar[str] = "guangcai.activities.PostFulfilled"
    VERSION: ClassVar[int] = 1

    done_units: int
    agreed_units: int
    ended_on: date
