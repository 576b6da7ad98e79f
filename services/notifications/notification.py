"""One notice on one channel: queued, attempted, delivered or failed, read.

Invariant: a letter leaves at most once, so an attempt whose outcome is not recorded ends as UNKNOWN_OUTCOME.
"""

from datetime import datetime
from typing import Final, assert_never
from uuid import UUID

from services.notifications.phases import Delivered, Failed, Notification, UnderWay, Unqueued, Waiting, evolve
from services.notifications.timing import MOST_ATTEMPTS, due
from shared.contracts.event import Event
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
from shared.decider import Command, Decider, DomainError
from shared.identifiers import derive

RECIPIENT: Final = {"notification_id", "recipient_kind", "recipient_id"}


class QueueNotification(Command):
    """Queue one notice to one recipient on one channel; `at` is when it became true or due."""

    source_event_id: UUID
    recipient_kind: RecipientKind
    recipient_id: UUID
    notice_kind: NoticeKind
    channel: Channel
    timing: Timing
    text_args: dict[str, str]
    at: datetime


class NoticeIsNotQueued(DomainError):
    """There is no such notice."""


class BeginAttempt(Command):
    """A letter is about to be handed to the mail server."""


class ConfirmDelivery(Command):
    """The mail server took the letter."""


class DeferAttempt(Command):
    """The letter certainly did not leave; try again later."""

    reason: FailureReason


class GiveUp(Command):
    """The letter will not be sent."""

    reason: FailureReason


class RecordBounce(Command):
    """A mail server reports what became of a letter that was taken."""

    has_failed: bool


class ReadNotification(Command):
    """The recipient opened the notice."""


NotificationCommand = QueueNotification | BeginAttempt | ConfirmDelivery | DeferAttempt | GiveUp | RecordBounce | ReadNotification


def notification_id(command: QueueNotification) -> UUID:
    """One id per (source event, recipient, kind, channel), so that queueing twice makes one notice."""
    label = f"{command.recipient_kind}/{command.recipient_id}/{command.notice_kind}/{command.channel}"
    return derive(command.source_event_id, label, command.at)


def decide(command: NotificationCommand, state: Notification) -> tuple[Event, ...]:
    """What follows from a command; an empty tuple means that it is already so."""
    match command:
        case QueueNotification():
            return _queue(command, state)
        case BeginAttempt():
            return _begin(state)
        case ConfirmDelivery():
            return _confirm(state)
        case DeferAttempt(reason=reason):
            return _defer(reason, state)
        case GiveUp(reason=reason):
            return _give_up(reason, state)
        case RecordBounce(has_failed=has_failed):
            return _bounce(state, has_failed=has_failed)
        case ReadNotification():
            return _read(state)
        case _:
            assert_never(command)


def _queue(command: QueueNotification, state: Notification) -> tuple[Event, ...]:
    if not isinstance(state, Unqueued):
        return ()
    queued = NotificationQueued(
        notification_id=notification_id(command),
        recipient_kind=command.recipient_kind,
        recipient_id=command.recipient_id,
        notice_kind=command.notice_kind,
        channel=command.channel,
        timing=command.timing,
        text_key=command.notice_kind.value.lower(),
        text_args=command.text_args,
        source_event_id=command.source_event_id,
        due=due(command.channel, command.timing, command.at),
    )
    return (queued, _delivered(queued)) if command.channel is Channel.INBOX else (queued,)  # in the inbox it is delivered at once


def _begin(state: Notification) -> tuple[Event, ...]:
    match state:
        case Unqueued():
            raise NoticeIsNotQueued
        case Waiting(notice, attempts):
            return (NotificationAttempted(notification_id=notice.notification_id, attempt=attempts + 1),)
        case UnderWay(notice):
            return (_failed(notice, FailureReason.UNKNOWN_OUTCOME),)
        case Delivered() | Failed():
            return ()
        case _:
            assert_never(state)


def _confirm(state: Notification) -> tuple[Event, ...]:
    match state:
        case Unqueued():
            raise NoticeIsNotQueued
        case UnderWay(notice) | Waiting(notice) | Failed(notice, reason=FailureReason.UNKNOWN_OUTCOME):
            return (_delivered(notice),)
        case Delivered() | Failed():
            return ()
        case _:
            assert_never(state)


def _defer(reason: FailureReason, state: Notification) -> tuple[Event, ...]:
    match state:
        case Unqueued():
            raise NoticeIsNotQueued
        case Waiting(notice, attempts) | UnderWay(notice, attempts):
            number = attempts if isinstance(state, UnderWay) else attempts + 1
            deferred = NotificationDeferred(notification_id=notice.notification_id, attempt=number, reason=reason)
            return (deferred, _failed(notice, reason)) if number >= MOST_ATTEMPTS else (deferred,)
        case Delivered() | Failed():
            return ()
        case _:
            assert_never(state)


def _give_up(reason: FailureReason, state: Notification) -> tuple[Event, ...]:
    match state:
        case Unqueued():
            raise NoticeIsNotQueued
        case Waiting(notice) | UnderWay(notice):
            return (_failed(notice, reason),)
        case Delivered() | Failed():
            return ()
        case _:
            assert_never(state)


def _bounce(state: Notification, *, has_failed: bool) -> tuple[Event, ...]:
    match state:
        case Unqueued():
            raise NoticeIsNotQueued
        case Delivered(notice) | Failed(notice, reason=FailureReason.UNKNOWN_OUTCOME):
            came_back = has_failed and notice.channel is Channel.LETTER
            return (_failed(notice, FailureReason.BOUNCED),) if came_back else ()
        case Waiting() | UnderWay() | Failed():
            return ()
        case _:
            assert_never(state)


def _read(state: Notification) -> tuple[Event, ...]:
    match state:
        case Delivered(notice, is_read=is_read) | Failed(notice, is_read=is_read):
            return () if is_read else (NotificationRead(**notice.model_dump(include=RECIPIENT)),)
        case Unqueued() | Waiting() | UnderWay():
            raise NoticeIsNotQueued
        case _:
            assert_never(state)


def _delivered(notice: NotificationQueued) -> NotificationDelivered:
    return NotificationDelivered(**notice.model_dump(include=RECIPIENT | {"notice_kind", "channel"}))


def _failed(notice: NotificationQueued, reason: FailureReason) -> NotificationFailed:
    return NotificationFailed(**notice.model_dump(include=RECIPIENT | {"notice_kind", "channel"}), reason=reason)


NOTIFICATION: Final[Decider[NotificationCommand, Notification]] = Decider("notification", Unqueued(), decide, evolve)
