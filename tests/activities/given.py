"""Events the examples start from. Invented ids; every event as the log would hold it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.activities.codes import ActivityType, EvidenceLevel, RecipientType, SixOnesItem, TimeBand
from shared.contracts.activities.posts import PostClaimed, PostClaimWaitlisted, PostEstablished, PostProposed, PostTakenUp
from shared.contracts.activities.records import ActivityConfirmed, ActivityLogged, ActivityPlanned, ActivityPublished
from shared.contracts.service_preference import PostCategory


def some_id(kind: str, number: int) -> UUID:
    """UUIDv7-shaped id, e.g. some_id("cc", 1)."""
    return UUID(f"0192{kind * 2}-0000-7000-8000-{number:012d}")


COMMUNITY = some_id("cc", 1)
OTHER_COMMUNITY = some_id("cc", 2)
UNIT = some_id("bb", 1)
POST_ID = some_id("ee", 1)
ACTIVITY_ID = some_id("dd", 1)
CLERK = "clerk-of-the-community"
SECRETARY = "secretary-of-the-community"

TERM_START = date(2026, 1, 1)
TERM_END = date(2026, 12, 31)
DAY = date(2026, 3, 7)
SATURDAY_MORNING = datetime(2026, 3, 7, 1, 0, tzinfo=UTC)  # 09:00 in China
SATURDAY_NOON = SATURDAY_MORNING + timedelta(hours=3)
AFTERWARDS = SATURDAY_MORNING + timedelta(hours=12)
BEFORE = SATURDAY_MORNING - timedelta(days=3)


def member(number: int) -> UUID:
    return some_id("aa", number)


def claim_id(number: int) -> UUID:
    return some_id("fa", number)


def record_id(number: int) -> UUID:
    return some_id("fb", number)


TERMS = {
    "post_id": POST_ID,
    "community_id": COMMUNITY,
    "title": "巡逻岗",
    "category": PostCategory.PUBLIC_ORDER,
    "duties": "周六傍晚巡逻",
    "place": "三号楼",
    "capacity": 2,
    "waiting_list_limit": 2,
    "agreed_units": 24,
    "term_start": TERM_START,
    "term_end": TERM_END,
}

proposed = PostProposed(**TERMS)
established = PostEstablished(**TERMS)


def claim_ids(number: int) -> dict[str, Any]:
    return {"post_id": POST_ID, "claim_id": claim_id(number), "member_id": member(number), "community_id": COMMUNITY}


def claimed(number: int, **more: Any) -> PostClaimed:
    return PostClaimed(**claim_ids(number), agreed_units=24, **more)


def waitlisted(number: int, position: int) -> PostClaimWaitlisted:
    return PostClaimWaitlisted(**claim_ids(number), agreed_units=24, position=position)


def taken_up(number: int, on: date = TERM_START) -> PostTakenUp:
    return PostTakenUp(**claim_ids(number), agreed_units=24, taken_up_on=on)


PLAN = {
    "activity_id": ACTIVITY_ID,
    "community_id": COMMUNITY,
    "title": "清理小广告",
    "activity_type": ActivityType.VOLUNTEER_SERVICE,
    "time_band": TimeBand.OUTSIDE_WORK_HOURS,
    "starts_at": SATURDAY_MORNING,
    "ends_at": SATURDAY_NOON,
    "place": "社区广场",
    "capacity": 2,
    "post_id": POST_ID,
    "six_ones_item": SixOnesItem.VOLUNTEER_ACTIVITY,
}

planned = ActivityPlanned(**PLAN)
published = ActivityPublished(activity_id=ACTIVITY_ID, community_id=COMMUNITY)


def person(number: int) -> dict[str, Any]:
    return {"activity_id": ACTIVITY_ID, "member_id": member(number), "community_id": COMMUNITY}


def logged(number: int, **changes: Any) -> ActivityLogged:
    values: dict[str, Any] = {
        "record_id": record_id(number),
        "record_no": f"20260307-{record_id(number).hex[-10:].upper()}",
        **person(number),
        "unit_id": UNIT,
        "activity_name": "清理小广告",
        "activity_type": ActivityType.VOLUNTEER_SERVICE,
        "time_band": TimeBand.OUTSIDE_WORK_HOURS,
        "place": "社区广场",
        "recipient_type": RecipientType.COMMUNITY,
        "content": "清理楼道小广告",
        "starts_at": SATURDAY_MORNING,
        "ends_at": SATURDAY_NOON,
        "minutes": 180,
        "served_on": DAY,
        "person_in_charge": CLERK,
        "recorder": CLERK,
        "evidence_level": EvidenceLevel.SELF_REPORTED,
        "post_id": POST_ID,
        "duty_units": 1,
        "six_ones_item": SixOnesItem.VOLUNTEER_ACTIVITY,
    }
    return ActivityLogged.model_validate({**values, **changes})


def confirmed(number: int, **changes: Any) -> ActivityConfirmed:
    values = logged(number).model_dump()
    return ActivityConfirmed.model_validate(
        {**values, "evidence_level": EvidenceLevel.ORGANISER_CONFIRMED, "confirmed_by": SECRETARY, **changes}
    )
