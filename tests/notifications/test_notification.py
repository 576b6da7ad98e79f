"""A notice on one channel: told once, sent at most once, read by its recipient."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.notification import (
    NOTIFICATION,
    BeginAttempt,
    ConfirmDelivery,
    DeferAttempt,
    GiveUp,
    NoticeIsNotQueued,
    NotificationCommand,
    QueueNotification,
    ReadNotification,
    RecordBounce,
    notification_id,
)
from services.notifications.timing import MOST_ATTEMPTS, due
from shared.contracts.notifications import (
    Channel,
    FailureReason,
    NoticeKind,
    NotificationAttempted,
    NotificationDeferred,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRead,
    RecipientKind,
    Timing,
)
from shared.decider import DomainError
from shared.testing.scenario import Scenario

MEMBER = UUID("0192f000-0000-7000-8000-0000000000a1")
SOURCE = UUID("0192f000-0000-7000-8000-0000000000e1")
MORNING = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)  # 09:00 in China


def queue(channel: Channel = Channel.LETTER, **changes: Any) -> QueueNotification:
    values = {
        "source_event_id": SOURCE,
        "recipient_kind": RecipientKind.MEMBER,
        "recipient_id": MEMBER,
        "notice_kind": NoticeKind.POST_CLAIMED,
        "channel": channel,
        "timing": Timing.IMMEDIATE,
        "text_args": {"post": "夜间巡逻"},
        "at": MORNING,
    }
    return QueueNotification.model_validate(values | changes)


def queued(command: QueueNotification) -> NotificationQueued:
    event, *_ = NOTIFICATION.decide(command, NOTIFICATION.initial)
    assert isinstance(event, NotificationQueued)
    return event


LETTER = queued(queue())
ID = LETTER.notification_id
ATTEMPTED = NotificationAttempted(notification_id=ID, attempt=1)


def closed(event: type[Any], **more: Any) -> Any:
    whom = LETTER.model_dump(include={"notification_id", "recipient_kind", "recipient_id", "notice_kind", "channel"})
    return event(**whom, **more)


def notice() -> Scenario[NotificationCommand, Any]:
    return Scenario(NOTIFICATION)


def test_an_inbox_notice_is_delivered_when_it_is_queued() -> None:
    first, second = notice().when(queue(Channel.INBOX)).then_events(NotificationQueued, NotificationDelivered)
    assert isinstance(first, NotificationQueued)
    assert isinstance(second, NotificationDelivered)
    assert first.due == MORNING
    assert first.text_key == "post_claimed"
    assert second.notification_id == first.notification_id


def test_a_letter_waits_to_be_sent() -> None:
    notice().when(queue()).then(LETTER)


def test_telling_twice_is_telling_once() -> None:
    notice().given(LETTER).when(queue()).then_nothing()
    assert notification_id(queue()) == ID


@pytest.mark.parametrize(
    "other",
    [
        {"recipient_id": SOURCE},
        {"notice_kind": NoticeKind.POST_TAKEN_UP},
        {"channel": Channel.INBOX},
        {"source_event_id": MEMBER},
        {"recipient_kind": RecipientKind.UNIT},
    ],
)
def test_another_recipient_kind_channel_or_event_is_another_notice(other: dict[str, Any]) -> None:
    assert notification_id(queue(**other)) != ID


def test_a_letter_is_attempted_and_delivered() -> None:
    notice().given(LETTER).when(BeginAttempt()).then(ATTEMPTED)
    notice().given(LETTER, ATTEMPTED).when(ConfirmDelivery()).then(closed(NotificationDelivered))


def test_an_attempt_without_outcome_is_never_repeated() -> None:
    notice().given(LETTER, ATTEMPTED).when(BeginAttempt()).then(closed(NotificationFailed, reason=FailureReason.UNKNOWN_OUTCOME))


def test_a_delivery_that_turns_up_late_corrects_the_unknown_outcome() -> None:
    unknown = closed(NotificationFailed, reason=FailureReason.UNKNOWN_OUTCOME)
    notice().given(LETTER, ATTEMPTED, unknown).when(ConfirmDelivery()).then(closed(NotificationDelivered))


def test_a_delivered_letter_stays_delivered() -> None:
    delivered = notice().given(LETTER, ATTEMPTED, closed(NotificationDelivered))
    for command in (BeginAttempt(), ConfirmDelivery(), GiveUp(reason=FailureReason.NO_ADDRESS)):
        delivered.when(command).then_nothing()


def test_a_letter_that_came_back_is_on_record_as_failed() -> None:
    back = closed(NotificationFailed, reason=FailureReason.BOUNCED)
    report = RecordBounce(has_failed=True)
    taken = notice().given(LETTER, ATTEMPTED, closed(NotificationDelivered))
    taken.when(report).then(back)
    taken.when(RecordBounce(has_failed=False)).then_nothing()
    notice().given(LETTER, ATTEMPTED, closed(NotificationDelivered), back).when(report).then_nothing()
    unknown = closed(NotificationFailed, reason=FailureReason.UNKNOWN_OUTCOME)
    notice().given(LETTER, ATTEMPTED, unknown).when(report).then(back)
    notice().given(LETTER, ATTEMPTED).when(report).then_nothing()
    in_the_inbox = NOTIFICATION.decide(queue(Channel.INBOX), NOTIFICATION.initial)
    notice().given(*in_the_inbox).when(report).then_nothing()
    notice().when(report).then_rejected(NoticeIsNotQueued)


def test_a_deferred_letter_is_attempted_again() -> None:
    deferred = NotificationDeferred(notification_id=ID, attempt=1, reason=FailureReason.SERVER_UNREACHABLE)
    notice().given(LETTER, ATTEMPTED).when(DeferAttempt(reason=FailureReason.SERVER_UNREACHABLE)).then(deferred)
    notice().given(LETTER, ATTEMPTED, deferred).when(BeginAttempt()).then(NotificationAttempted(notification_id=ID, attempt=2))


def test_a_server_that_stays_away_ends_in_a_visible_failure() -> None:
    reason = FailureReason.SERVER_UNREACHABLE
    last = NotificationDeferred(notification_id=ID, attempt=MOST_ATTEMPTS - 1, reason=reason)
    notice().given(LETTER, last).when(DeferAttempt(reason=reason)).then(
        NotificationDeferred(notification_id=ID, attempt=MOST_ATTEMPTS, reason=reason), closed(NotificationFailed, reason=reason)
    )


def test_a_letter_without_address_is_given_up() -> None:
    failed = closed(NotificationFailed, reason=FailureReason.NO_ADDRESS)
    notice().given(LETTER).when(GiveUp(reason=FailureReason.NO_ADDRESS)).then(failed)


def test_reading_twice_is_reading_once() -> None:
    inbox = queued(queue(Channel.INBOX))
    whom = inbox.model_dump(include={"notification_id", "recipient_kind", "recipient_id", "notice_kind", "channel"})
    read = NotificationRead(notification_id=inbox.notification_id, recipient_kind=RecipientKind.MEMBER, recipient_id=MEMBER)
    delivered = notice().given(inbox, NotificationDelivered(**whom))
    delivered.when(ReadNotification()).then(read)
    delivered.when(ReadNotification()).then_nothing()


@pytest.mark.parametrize(
    "command",
    [BeginAttempt(), ConfirmDelivery(), ReadNotification(), GiveUp(reason=FailureReason.NO_ADDRESS)],
    ids=lambda each: type(each).__name__,
)
def test_nothing_happens_to_a_notice_that_was_never_queued(command: NotificationCommand) -> None:
    notice().when(command).then_rejected(NoticeIsNotQueued)


def china(hour: int, minute: int = 0, day: int = 30) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        (china(9), china(9)),
        (china(7), china(7)),
        (china(21, 59), china(21, 59)),
        (china(22), china(7, day=31)),
        (china(23, 30), china(7, day=31)),
        (china(0, 10), china(7)),
        (china(6, 59), china(7)),
    ],
)
def test_letters_respect_the_quiet_hours(at: datetime, leaves: datetime) -> None:
    assert due(Channel.LETTER, Timing.IMMEDIATE, at) == leaves


@pytest.mark.parametrize("at", [china(0), china(6, 59), china(9), china(23, 59)])
def test_digests_leave_the_next_morning(at: datetime) -> None:
    assert due(Channel.LETTER, Timing.DAILY_DIGEST, at) == china(7, day=31)


@pytest.mark.parametrize("timing", list(Timing))
def test_the_inbox_is_never_delayed(timing: Timing) -> None:
    assert due(Channel.INBOX, timing, china(23)) == china(23)


COMMANDS = st.lists(
    st.one_of(
        st.builds(queue, st.sampled_from(Channel)),
        st.sampled_from([BeginAttempt(), ConfirmDelivery(), ReadNotification()]),
        st.builds(DeferAttempt, reason=st.sampled_from(FailureReason)),
        st.builds(GiveUp, reason=st.sampled_from(FailureReason)),
    ),
    max_size=30,
)


@given(COMMANDS)
def test_no_sequence_of_commands_sends_a_letter_twice_without_saying_that_nothing_left(commands: list[NotificationCommand]) -> None:
    state, open_attempts, delivered = NOTIFICATION.initial, 0, 0
    for command in commands:
        try:
            events = NOTIFICATION.decide(command, state)
        except DomainError:
            continue
        for event in events:
            state = NOTIFICATION.evolve(state, type(event).model_validate_json(event.model_dump_json()))
            open_attempts += isinstance(event, NotificationAttempted)
            open_attempts -= isinstance(event, NotificationDeferred) and open_attempts > 0
            delivered += isinstance(event, NotificationDelivered)
        assert open_attempts <= 1
        assert delivered <= 1
