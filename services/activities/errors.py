"""Rules of activities that a command may break; the docstring is the English message, shared/texts/activities.toml has the Chinese one."""

from services.activities.refusals import (
    AlreadyExists,
    FutureRecord,
    NobodyConfirmsTheirOwn,
    NotRegistered,
    ReasonIsTheCommunitys,
    TermEndsBeforeItStarts,
    TwoAdultsNeeded,
    WrongStep,
)
from shared.decider import DomainError

__all__ = [  # until every feature imports them from refusals
    "AlreadyExists",
    "FutureRecord",
    "NobodyConfirmsTheirOwn",
    "NotRegistered",
    "ReasonIsTheCommunitys",
    "TermEndsBeforeItStarts",
    "TwoAdultsNeeded",
    "WrongStep",
]


class PostIsNotOpen(DomainError):
    """The post takes no claims now: it is not established yet, closed, or its term is over."""


class HazardNeedsInsurance(DomainError):
    """A hazardous post can only be established with an insurance."""


class SafeguardingMissing(DomainError):
    """A post with minors needs two places or more, and a word on how the minors are protected."""


class VettingNotChecked(DomainError):
    """Whoever takes up a post with minors has to be vetted first, as the law asks."""


class CapacityBelowHolders(DomainError):
    """More members hold a place than the new capacity allows; places are not taken away."""


class AlreadyClaimed(DomainError):
    """This member already holds, or waits for, a place on this post."""


class ActivePostLimitReached(DomainError):
    """A member holds or waits for at most three posts at a time."""


class ClaimUnknown(DomainError):
    """There is no such claim on this post."""


class StillWaiting(DomainError):
    """The claim is on the waiting list; there is no place to take up yet."""


class NotTakenUp(DomainError):
    """The claim has not been taken up yet."""


class QualificationNotChecked(DomainError):
    """The post needs a qualification; it has to be checked before the post is taken up."""


class TermIsRunning(DomainError):
    """The term of the post is still running; release it instead."""


class ActivityEndsBeforeItStarts(DomainError):
    """An activity has to end after it starts."""


class WorkingCalendarUnknown(DomainError):
    """The official working calendar of this year is not entered here; state what depends on it."""


class TimeBandNeedsReason(DomainError):
    """The official calendar says otherwise; give the reason for stating another time band."""


class ActivityIsNotOpen(DomainError):
    """The activity is not published, or it has been cancelled."""


class ActivityHasRecords(DomainError):
    """Service was already recorded for this activity; it cannot be cancelled or changed any more."""


class ActivityIsFull(DomainError):
    """All places of the activity are taken."""


class SignUpIsOver(DomainError):
    """The activity has begun; signing up and withdrawing are over."""


class NotSignedUp(DomainError):
    """The member has not signed up for this activity."""


class NoLeaveRequested(DomainError):
    """The member has not asked for leave."""


class ActivityHasNotBegun(DomainError):
    """Presence and absence can only be noted once the activity has begun."""


class SignInCodeWrong(DomainError):
    """That is not the code shown now; codes change every minute."""


class NobodyRecordsTheirOwnAttendance(DomainError):
    """Nobody notes their own attendance."""


class LeaveWasApproved(DomainError):
    """Leave was approved; that is no unexcused absence."""


class MarkedAbsent(DomainError):
    """The member was noted as absent; change the attendance first."""


class OutsideTheActivity(DomainError):
    """The recorded time does not lie on a day of the activity."""


class MinutesExceedDuration(DomainError):
    """More minutes were stated than the time without travel allows."""


class AlreadyLogged(DomainError):
    """This time is already recorded for this member."""


class RecordUnknown(DomainError):
    """There is no such record in this activity."""


class NothingToConfirm(DomainError):
    """No record has been logged for this activity."""


class RecordIsNotOpen(DomainError):
    """The record has already been decided."""


class RecorderMayNotConfirm(DomainError):
    """Whoever recorded the service may not confirm it."""


class FlaggedRecordNeedsALook(DomainError):
    """Records with long hours or overlapping times have to be accepted one by one."""


class RecordIsNotConfirmed(DomainError):
    """Only a confirmed record can be corrected or voided."""


class RecordHasMovedOn(DomainError):
    """The record was changed in the meantime; read it again."""


class NothingCorrected(DomainError):
    """The correction states what the record already says."""


class CorrectionNotRequested(DomainError):
    """No correction of this record is asked for."""


class StreetReviewNeeded(DomainError):
    """A day of more than twelve hours has to be looked at by the street first."""


class SecondConfirmationNeeded(DomainError):
    """A day of more than eight hours that the member recorded needs a second person of the community."""


class LateEntryNeedsReason(DomainError):
    """The activity is long over; say why the record comes late."""


class TermIsNotOver(DomainError):
    """What is kept for a stated number of years is not given up before."""
