"""The phases of a resident's need, and how each event moves it on."""

from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from shared.contracts.activities.needs import (
    ResidentNeedAnswered,
    ResidentNeedForwarded,
    ResidentNeedOverdue,
    ResidentNeedPublished,
    ResidentNeedRecorded,
    ResidentNeedReturned,
)
from shared.contracts.event import Event


@dataclass(frozen=True, slots=True)
class NotRecorded:
    """Nothing was written down yet."""

    status: ClassVar[str] = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class _Known:
    recorded: ResidentNeedRecorded


@dataclass(frozen=True, slots=True)
class Recorded(_Known):
    """Somebody other than the recorder has to look at it by `look_by`."""

    status: ClassVar[str] = "RECORDED"
    look_by: date
    is_reported_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Published(_Known):
    """Members read it, and an answer is due. Needs of the time when they were public at once have no day for it."""

    status: ClassVar[str] = "PUBLISHED"
    answer_by: date | None
    is_reported_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Forwarded(_Known):
    """Passed on to somebody else; the answer is due on the same day."""

    status: ClassVar[str] = "FORWARDED"
    answer_by: date | None
    is_reported_overdue: bool = False


@dataclass(frozen=True, slots=True)
class Answered(_Known):
    """Closed with an answer."""

    status: ClassVar[str] = "ANSWERED"


@dataclass(frozen=True, slots=True)
class Returned(_Known):
    """Not published, or no longer."""

    status: ClassVar[str] = "RETURNED"


Open = Published | Forwarded
Public = Published | Forwarded | Answered  # members may read it
Need = NotRecorded | Recorded | Published | Forwarded | Answered | Returned


def evolve(state: Need, event: Event) -> Need:
    """Fold one event. Never raises."""
    match state, event:
        case NotRecorded(), ResidentNeedRecorded(look_by=None):  # recorded when needs were public at once
            return Published(event, answer_by=None)
        case NotRecorded(), ResidentNeedRecorded(look_by=date() as look_by):
            return Recorded(event, look_by)
        case NotRecorded(), _:
            return state
        case _, ResidentNeedPublished():
            return Published(state.recorded, event.answer_by)
        case ((Published() | Forwarded()), ResidentNeedForwarded()):
            return Forwarded(state.recorded, state.answer_by, state.is_reported_overdue)
        case _, ResidentNeedAnswered():
            return Answered(state.recorded)
        case _, ResidentNeedReturned():
            return Returned(state.recorded)
        case ((Recorded() | Published() | Forwarded()), ResidentNeedOverdue()):
            return replace(state, is_reported_overdue=True)
        case _:
            return state
