"""The table of notices: every line can be addressed and said, and leaves for the right people at the right time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.app import SERVICE
from services.notifications.catalogue import CATALOGUE, Audience, Condition, Notice
from services.notifications.letters import SendLetter
from services.notifications.queries import LOOKED_UP
from services.notifications.reactions import FIELD_OF, Tell
from services.notifications.wording import say
from shared.contracts.activities.codes import ActivityType, ClaimRejection, ReleaseReason, TimeBand
from shared.contracts.activities.posts import PostClaimRejected
from shared.contracts.activities.records import ActivityAmended, ActivityPlanned
from shared.contracts.evaluation.codes import AwardObjectionGround, AwardOutcome, LapseCause, RestatementCause
from shared.contracts.event import Event
from shared.contracts.notifications import Channel, NoticeKind, NotificationQueued, RecipientKind, Timing
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.contracts.registration.registrations import MemberRegistered, RegistrationReceiptIssued
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.texts import load, placeholders

NOW = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)
IDS = [UUID(int=number) for number in range(1, 8)]
LINES = [(event, notice) for event, notices in CATALOGUE.items() for notice in notices]
RECIPIENT_FIELD = {
    Audience.MEMBER: "member_id",
    Audience.UNIT: "unit_id",
    Audience.COMMUNITY: "community_id",
    Audience.SIGNED_UP: "activity_id",
    Audience.HELPERS: "pairing_id",
    Audience.COMMUNITY_MEMBERS: "community_id",
}


def recorded(data: Event, at: datetime = NOW) -> Recorded:
    return Recorded(
        body=b"",
        district="zhanqian",
        service=data.service(),
        sequence=1,
        stream=f"x/{IDS[0]}",
        stream_version=1,
        id=IDS[6],
        type=data.type_name(),
        time=at,
        recorded_time=at,
        actor="x",
        on_behalf_of=None,
        correlation_id=None,
        causation_id=None,
        traceparent=None,
        data=data,
    )


def tellings(event: Event) -> dict[NoticeKind, tuple[Intent, Tell]]:
    intents = SERVICE.react(recorded(event))
    assert {intent.kind for intent in intents} <= {Tell.KIND}
    found = [(intent, Tell.model_validate(intent.payload)) for intent in intents]
    return {telling.kind: (intent, telling) for intent, telling in found}


@pytest.mark.parametrize(("event", "notice"), LINES, ids=lambda each: each.__name__ if isinstance(each, type) else each.kind)
def test_every_line_can_be_addressed_and_said(event: type[Event], notice: Notice) -> None:
    fields = set(event.model_fields)
    field = RECIPIENT_FIELD.get(notice.to)
    assert field is None or field in fields or isinstance(getattr(event, field, None), property), f"{event.__name__} has no {field}"
    for name in notice.args:
        known = name in LOOKED_UP or name == "days" or FIELD_OF.get(name, name) in fields
        assert known, f"{event.__name__} has no {name}, and it cannot be looked up"
    texts = load("notifications")["notices"][notice.kind.lower()]
    said = frozenset().union(*(placeholders(text) for text in texts.values()))
    asked = {name.removesuffix("_zh").removesuffix("_en") for name in notice.args}
    assert said == asked, f"the text of {notice.kind} and its line in the catalogue name different arguments"


def test_every_kind_is_in_the_table() -> None:
    assert {notice.kind for _, notice in LINES} == set(NoticeKind)


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("claim_rejection", ClaimRejection),
        ("release_reason", ReleaseReason),
        ("restatement_cause", RestatementCause),
        ("award_outcome", AwardOutcome),
        ("award_objection_ground", AwardObjectionGround),
        ("lapse_cause", LapseCause),
    ],
)
def test_every_code_has_words(name: str, codes: Any) -> None:
    labels = load("notifications")["labels"]
    assert {f"{name}_{code.value}".lower() for code in codes} == {key for key in labels if key.startswith(name)}


def test_a_report_reaches_the_member_and_the_community() -> None:
    registered = MemberRegistered(
        registration_id=IDS[0],
        member_id=IDS[1],
        certificate_id=IDS[2],
        certificate_no="ZQ-2026-0001",
        unit_id=IDS[3],
        community_id=IDS[4],
        occupation_group=OccupationGroup.TEACHER,
        political_status=PoliticalStatus.MEMBER,
        reported_on=date(2026, 3, 30),
    )
    found = tellings(registered)
    assert {kind: telling.to for kind, (_, telling) in found.items()} == {
        NoticeKind.REGISTRATION_RECEIVED: Audience.MEMBER,
        NoticeKind.MEMBER_REPORTED: Audience.COMMUNITY,
    }
    _, to_community = found[NoticeKind.MEMBER_REPORTED]
    assert to_community.args == {"certificate_no": "ZQ-2026-0001"}
    assert to_community.looked_up == ("unit",)


def test_an_outstanding_receipt_is_mentioned_once_after_a_week() -> None:
    issued = RegistrationReceiptIssued(registration_id=IDS[0], member_id=IDS[1], unit_id=IDS[3], community_id=IDS[4], receipt_no="R1")
    intent, telling = tellings(issued)[NoticeKind.RECEIPT_OVERDUE]
    assert intent.due == NOW + timedelta(days=7)
    assert telling.condition is Condition.RECEIPT_IS_OUTSTANDING
    assert telling.args["days"] == "7"


def planned(cls: Any = ActivityPlanned, **changes: Any) -> Any:
    values = {
        "activity_id": IDS[0],
        "community_id": IDS[4],
        "title": "清理小广告",
        "activity_type": ActivityType.VOLUNTEER_SERVICE,
        "time_band": TimeBand.OUTSIDE_WORK_HOURS,
        "starts_at": NOW + timedelta(days=5),
        "ends_at": NOW + timedelta(days=5, hours=2),
        "place": "社区服务点",
        "capacity": 20,
    }
    return cls(**values | changes)


def test_reminders_leave_a_day_before_the_activity() -> None:
    intent, telling = tellings(planned())[NoticeKind.ACTIVITY_REMINDER]
    assert intent.due == NOW + timedelta(days=4)
    assert (telling.to, telling.condition) == (Audience.SIGNED_UP, Condition.ACTIVITY_STANDS)
    late, _ = tellings(planned(starts_at=NOW + timedelta(hours=3)))[NoticeKind.ACTIVITY_REMINDER]
    assert late.due == NOW


def test_small_edits_tell_nobody_unless_the_organiser_says_so() -> None:
    assert NoticeKind.ACTIVITY_CHANGED not in tellings(planned(ActivityAmended, is_announced=False))
    assert NoticeKind.ACTIVITY_CHANGED in tellings(planned(ActivityAmended, is_announced=True))


def test_a_rejected_claim_says_why_in_words() -> None:
    rejected = PostClaimRejected(post_id=IDS[0], claim_id=IDS[1], member_id=IDS[2], community_id=IDS[4], reason=ClaimRejection.CAPACITY)
    _, telling = tellings(rejected)[NoticeKind.POST_CLAIM_REJECTED]
    _, body = say("post_claim_rejected", telling.args | {"post": "夜间巡逻"})
    assert "名额和候补名额均已满" in body.zh
    assert "waiting list are full" in body.en


def test_a_queued_letter_is_sent_when_it_is_due() -> None:
    letter = NotificationQueued(
        notification_id=IDS[0],
        recipient_kind=RecipientKind.MEMBER,
        recipient_id=IDS[1],
        notice_kind=NoticeKind.POST_CLAIMED,
        channel=Channel.LETTER,
        timing=Timing.IMMEDIATE,
        text_key="post_claimed",
        text_args={},
        source_event_id=IDS[2],
        due=NOW + timedelta(hours=9),
    )
    (intent,) = SERVICE.react(recorded(letter))
    assert (intent.kind, intent.due) == (SendLetter.KIND, letter.due)
    assert SERVICE.react(recorded(letter.model_copy(update={"channel": Channel.INBOX}))) == ()


def test_an_event_nobody_waits_for_tells_nobody() -> None:
    assert SERVICE.react(recorded(planned())._replace(data=None)) == ()


def test_only_declared_times_of_day_are_used() -> None:
    digests = {notice.kind for _, notice in LINES if notice.timing is Timing.DAILY_DIGEST}
    assert {NoticeKind.ACTIVITY_CONFIRMED, NoticeKind.ACTIVITY_CORRECTED} <= digests
    assert NoticeKind.ACTIVITY_DECLINED not in digests
