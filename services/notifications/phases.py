"""The phases of a notice on one channel, and their fold."""

from dataclasses import dataclass, replace

from shared.contracts.event import Event
from shared.contracts.notifications import (
    FailureReason,
    NotificationAttempted,
    NotificationDeferred,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRead,
)


@dataclass(frozen=True, slots=True)
class Unqueued:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Queued, no attempt under way; `attempts` have failed so far."""

    notice: NotificationQueued
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An attempt has begun and its outcome is not recorded."""

    notice: NotificationQueued
    attempts: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """In the inbox, or taken by the mail server."""

    notice: NotificationQueued
    is_read: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """Will not be sent."""

    notice: NotificationQueued
    reason: FailureReason
    is_read: bool = False


Notification = Unqueued | Waiting | UnderWay | Delivered | Failed


def evolve(state: Notification, event: Event) -> Notification:
    """Fold one event; events of other kinds change nothing."""
    match event, state:
        case NotificationQueued(), Unqueued():
            return Waiting(event)
        case NotificationAttempted(attempt=attempt), Waiting(notice):
            return UnderWay(notice, attempt)
        case NotificationDeferred(attempt=attempt), Waiting(notice) | UnderWay(notice):
            return Waiting(notice, attempt)
        case NotificationDelivered(), Waiting(notice) | UnderWay(notice) | Delivered(notice) | Failed(notice):
            return Delivered(notice)
        case NotificationFailed(reason=reason), Waiting(notice) | UnderWay(notice) | Delivered(notice) | Failed(notice):
            return Failed(notice, reason)
        case NotificationRead(), Delivered() | Failed():
            return replace(state, is_read=True)
        case _:
            return state
