"""Which events can become points, and as what: the one table of it (G1). An event that is not listed here cannot ever score.

Money, goods, likes, log-ins, complaints, opinions have no event here and no kind of fact to become (G8). Beside these, a line may
name the registration and the opening of the period as its source.
"""

from collections.abc import Callable, Mapping
from datetime import MAXYEAR, MINYEAR, date
from typing import Any, Final, NamedTuple
from uuid import UUID

from services.evaluation.scoring.facts import Fact, FactKind, part
from shared.contracts.activities.codes import Attendance, ReleaseReason
from shared.contracts.activities.community import SixOnesItemCompleted, SixOnesItemReopened, SuggestionAdopted
from shared.contracts.activities.posts import PostFulfilled, PostReleased, PostTakenUp
from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected, ActivityVoided, AttendanceRecorded
from shared.contracts.evaluation.assessments import CommendationGranted, RatingSubmitted, UnitAssessmentSubmitted
from shared.contracts.evaluation.hearings import DeductionDropped, DeductionUpheld
from shared.contracts.event import Event
from shared.contracts.registration.registrations import RegistrationRenewed

SECOND_HALF: Final = 7  # the month with which it begins


class Source(NamedTuple):  # made by the million
    """The part of an event's envelope that facts need: its id, its place in its stream, its day in China."""

    event_id: UUID
    revision: int
    day: date


class MemberFact(NamedTuple):  # made by the million
    """A fact about a member. `period_id`: the period that the event names; None: the days of the fact decide."""

    member_id: UUID
    fact: Fact
    period_id: UUID | None = None


def fact_of(source: Source, data: Event) -> MemberFact:
    """The fact that an event states. `data`: of a type in FACTS."""
    return FACTS[type(data)](source, data)


def _fact(source: Source, kind: FactKind, subject: object, occurred: date, **more: Any) -> Fact:
    return Fact(kind, str(subject), source.revision, occurred, source.event_id, **more)


def _renewed(source: Source, data: RegistrationRenewed) -> MemberFact:
    half = f"{data.renewed_on.year}-H{2 if data.renewed_on.month >= SECOND_HALF else 1}"
    subject = f"{data.registration_id}/{data.renewed_on}"
    return MemberFact(data.member_id, _fact(source, FactKind.RENEWED, subject, data.renewed_on, data={"half": half}))


def _served(source: Source, data: ActivityConfirmed | ActivityCorrected) -> MemberFact:
    figures: dict[str, str | int] = {
        "activity_id": str(data.activity_id),
        "activity_type": data.activity_type.value,
        "time_band": data.time_band.value,
        "evidence_level": data.evidence_level.value,
        "minutes": data.minutes,
        "duty_units": data.duty_units,
    }
    if data.post_id is not None:
        figures["post_id"] = str(data.post_id)
    if data.second_confirmed_by is not None:
        figures["second_confirmed"] = 1
    replaces = data.corrects_event_id if isinstance(data, ActivityCorrected) else None
    return MemberFact(data.member_id, _fact(source, FactKind.SERVICE, data.record_id, data.served_on, data=figures, replaces=replaces))


def _voided(source: Source, data: ActivityVoided) -> MemberFact:
    fact = _fact(source, FactKind.SERVICE, data.record_id, data.before_served_on, voided=True, replaces=data.voids_event_id)
    return MemberFact(data.member_id, fact)


def _item(source: Source, data: SixOnesItemCompleted | SixOnesItemReopened) -> MemberFact:
    """Counted in the year for which it was completed, also when that is recorded in January."""
    year = min(max(data.year, MINYEAR), MAXYEAR)
    day = min(max(source.day, date(year, 1, 1)), date(year, 12, 31))
    fact = _fact(
        source,
        FactKind.ITEM,
        f"{data.year}/{data.item}",
        day,
        data={"item": data.item.value},
        voided=isinstance(data, SixOnesItemReopened),
        evidence=(data.source_event_id,),
    )
    return MemberFact(data.member_id, fact)


def _taken_up(source: Source, data: PostTakenUp) -> MemberFact:
    figures: dict[str, str | int] = {"post_id": str(data.post_id), "agreed_units": data.agreed_units}
    return MemberFact(data.member_id, _fact(source, FactKind.DUTY, data.claim_id, data.taken_up_on, data=figures))


def _released(source: Source, data: PostReleased) -> MemberFact:
    """Released with notice, the agreement ends on that day; without notice all agreed units still count, and who stayed away without a
    word can have that held against them.
    """
    figures: dict[str, str | int] = {"post_id": str(data.post_id), "agreed_units": data.agreed_units}
    if data.reason is ReleaseReason.ABANDONED:
        figures["abandoned_on"] = data.released_on.isoformat()
    until = data.released_on if data.with_notice else None
    return MemberFact(data.member_id, _fact(source, FactKind.DUTY, data.claim_id, data.released_on, data=figures, until=until))


def _fulfilled(source: Source, data: PostFulfilled) -> MemberFact:
    figures: dict[str, str | int] = {"post_id": str(data.post_id), "agreed_units": data.agreed_units}
    return MemberFact(data.member_id, _fact(source, FactKind.DUTY, data.claim_id, data.ended_on, data=figures))


def _attendance(source: Source, data: AttendanceRecorded) -> MemberFact:
    """What is recorded later on the same absence replaces it."""
    is_absent = data.attendance is Attendance.NO_SHOW
    return MemberFact(data.member_id, _fact(source, FactKind.NO_SHOW, data.activity_id, source.day, voided=not is_absent))


def _adopted(source: Source, data: SuggestionAdopted) -> MemberFact:
    return MemberFact(data.member_id, _fact(source, FactKind.SUGGESTION_ADOPTED, data.suggestion_id, source.day))


def _rated(source: Source, data: RatingSubmitted) -> MemberFact:
    return MemberFact(data.member_id, _fact(source, FactKind.RATING, data.invitation_id, data.served_on, data={"rating": data.rating}))


def _commended(source: Source, data: CommendationGranted) -> MemberFact:
    fact = _fact(source, FactKind.COMMENDATION, data.commendation_id, data.granted_on)
    return MemberFact(data.member_id, fact, data.period_id)


def _deducted(source: Source, data: DeductionUpheld) -> MemberFact:
    kind = FactKind(data.kind.value)
    fact = _fact(source, kind, data.deduction_id, source.day, evidence=(data.source_event_id,))
    return MemberFact(data.member_id, fact, data.period_id)


def _taken_back(source: Source, data: DeductionDropped) -> MemberFact:
    """Dropped in its hearing it never counted, after an appeal it counts no longer."""
    fact = _fact(source, FactKind(data.kind.value), data.deduction_id, source.day, voided=True)
    return MemberFact(data.member_id, fact, data.period_id)


def _assessed(source: Source, data: UnitAssessmentSubmitted) -> MemberFact:
    figures: dict[str, str | int] = {name: getattr(data, name) for name in ("attended", "required", "excused", "unit_tasks")}
    figures |= {each.item.value: each.score for each in data.rubric}
    figures |= {part(name, each.kind): getattr(each, name) for each in data.meetings for name in ("attended", "required", "excused")}
    fact = _fact(source, FactKind.UNIT_ASSESSMENT, data.period_id, source.day, data=figures)
    return MemberFact(data.member_id, fact, data.period_id)


Reader = Callable[[Source, Any], MemberFact]
FACTS: Final[Mapping[type[Event], Reader]] = {
    RegistrationRenewed: _renewed,
    ActivityConfirmed: _served,
    ActivityCorrected: _served,
    ActivityVoided: _voided,
    SixOnesItemCompleted: _item,
    SixOnesItemReopened: _item,
    PostTakenUp: _taken_up,
    PostReleased: _released,
    PostFulfilled: _fulfilled,
    AttendanceRecorded: _attendance,
    SuggestionAdopted: _adopted,
    RatingSubmitted: _rated,
    CommendationGranted: _commended,
    DeductionUpheld: _deducted,
    DeductionDropped: _taken_back,
    UnitAssessmentSubmitted: _assessed,
}
