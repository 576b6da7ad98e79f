"""Which events can become points, and as what: the one table of it (G1). An event that is not listed here cannot ever score.

Money, goods, likes, log-ins, complaints, opinions have no event here and no kind of fact to become (G8). Beside these, a line may
name the registration and the opening of the period as its source.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Any, Final
from uuid import UUID

from services.evaluation.scoring.facts import Fact, FactKind, part
from shared.contracts import activities as a
from shared.contracts import evaluation as e
from shared.contracts import registration as r
from shared.contracts.event import Event
from shared.eventlog.envelope import Recorded

BEIJING: Final = timezone(timedelta(hours=8))
SECOND_HALF = 7


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact about a member. `period_id`: the period that the event names, else the days decide."""

    member_id: UUID
    fact: Fact
    period_id: UUID | None = None


def local_date(moment: datetime) -> date:
    """The day in China on which a moment falls."""
    return moment.astimezone(BEIJING).date()


def day_begins(day: date) -> datetime:
    """The moment at which a day begins in China."""
    return datetime.combine(day, time(), BEIJING)


def day_after(day: date) -> datetime:
    """The moment at which the day is over; of the last day there is, its beginning."""
    return day_begins(min(day, date.max - timedelta(days=1)) + timedelta(days=1))


def fact_of(recorded: Recorded) -> Entry | None:
    """The fact that an event states, if it is one of the few that can."""
    reader = FACTS.get(type(recorded.data)) if recorded.data is not None else None
    return reader(recorded, recorded.data) if reader else None


def _fact(recorded: Recorded, kind: FactKind, subject: object, occurred: date, **more: Any) -> Fact:
    return Fact(kind, str(subject), recorded.stream_version, occurred, recorded.id, **more)


def _renewed(recorded: Recorded, data: r.RegistrationRenewed) -> Entry:
    half = f"{data.renewed_on.year}-H{2 if data.renewed_on.month >= SECOND_HALF else 1}"
    subject = f"{data.registration_id}/{data.renewed_on}"
    return Entry(data.member_id, _fact(recorded, FactKind.RENEWED, subject, data.renewed_on, data={"half": half}))


def _served(recorded: Recorded, data: a.ActivityConfirmed | a.ActivityCorrected) -> Entry:
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
    replaces = data.corrects_event_id if isinstance(data, a.ActivityCorrected) else None
    return Entry(data.member_id, _fact(recorded, FactKind.SERVICE, data.record_id, data.served_on, data=figures, replaces=replaces))


def _voided(recorded: Recorded, data: a.ActivityVoided) -> Entry:
    fact = _fact(recorded, FactKind.SERVICE, data.record_id, data.before_served_on, voided=True, replaces=data.voids_event_id)
    return Entry(data.member_id, fact)


def _item(recorded: Recorded, data: a.SixOnesItemCompleted | a.SixOnesItemReopened) -> Entry:
    """Counted in the year for which it was completed, also when that is recorded in January."""
    day = min(max(local_date(recorded.time), date(data.year, 1, 1)), date(data.year, 12, 31))
    fact = _fact(
        recorded,
        FactKind.ITEM,
        f"{data.year}/{data.item}",
        day,
        data={"item": data.item.value},
        voided=isinstance(data, a.SixOnesItemReopened),
        evidence=(data.source_event_id,),
    )
    return Entry(data.member_id, fact)


def _taken_up(recorded: Recorded, data: a.PostTakenUp) -> Entry:
    figures: dict[str, str | int] = {"post_id": str(data.post_id), "agreed_units": data.agreed_units}
    return Entry(data.member_id, _fact(recorded, FactKind.DUTY, data.claim_id, data.taken_up_on, data=figures))


def _released(recorded: Recorded, data: a.PostReleased) -> Entry:
    """Properly released, the agreement ends with the day; otherwise it stands in full."""
    figures: dict[str, str | int] = {"post_id": str(data.post_id), "agreed_units": data.agreed_units}
    until = data.released_on if data.with_notice else None
    return Entry(data.member_id, _fact(recorded, FactKind.DUTY, data.claim_id, data.released_on, data=figures, until=until))


def _fulfilled(recorded: Recorded, data: a.PostFulfilled) -> Entry:
    figures: dict[str, str | int] = {"post_id": str(data.post_id), "agreed_units": data.agreed_units}
    return Entry(data.member_id, _fact(recorded, FactKind.DUTY, data.claim_id, data.ended_on, data=figures))


def _attendance(recorded: Recorded, data: a.AttendanceRecorded) -> Entry:
    """A later word on the same absence replaces an earlier one."""
    is_absent = data.attendance is a.Attendance.NO_SHOW
    return Entry(data.member_id, _fact(recorded, FactKind.NO_SHOW, data.activity_id, local_date(recorded.time), voided=not is_absent))


def _adopted(recorded: Recorded, data: a.SuggestionAdopted) -> Entry:
    return Entry(data.member_id, _fact(recorded, FactKind.SUGGESTION_ADOPTED, data.suggestion_id, local_date(recorded.time)))


def _rated(recorded: Recorded, data: e.RatingSubmitted) -> Entry:
    return Entry(data.member_id, _fact(recorded, FactKind.RATING, data.invitation_id, data.served_on, data={"rating": data.rating}))


def _commended(recorded: Recorded, data: e.CommendationGranted) -> Entry:
    fact = _fact(recorded, FactKind.COMMENDATION, data.commendation_id, data.granted_on)
    return Entry(data.member_id, fact, data.period_id)


def _deducted(recorded: Recorded, data: e.DeductionUpheld) -> Entry:
    kind = FactKind(data.kind.value)
    fact = _fact(recorded, kind, data.deduction_id, local_date(recorded.time), evidence=(data.source_event_id,))
    return Entry(data.member_id, fact, data.period_id)


def _assessed(recorded: Recorded, data: e.UnitAssessmentSubmitted) -> Entry:
    figures: dict[str, str | int] = {name: getattr(data, name) for name in ("attended", "required", "excused", "unit_tasks")}
    figures |= {each.item.value: each.score for each in data.rubric}
    figures |= {part(name, each.kind): getattr(each, name) for each in data.meetings for name in ("attended", "required", "excused")}
    fact = _fact(recorded, FactKind.UNIT_ASSESSMENT, data.period_id, local_date(recorded.time), data=figures)
    return Entry(data.member_id, fact, data.period_id)


Reader = Callable[[Recorded, Any], Entry]
FACTS: Final[Mapping[type[Event], Reader]] = {
    r.RegistrationRenewed: _renewed,
    a.ActivityConfirmed: _served,
    a.ActivityCorrected: _served,
    a.ActivityVoided: _voided,
    a.SixOnesItemCompleted: _item,
    a.SixOnesItemReopened: _item,
    a.PostTakenUp: _taken_up,
    a.PostReleased: _released,
    a.PostFulfilled: _fulfilled,
    a.AttendanceRecorded: _attendance,
    a.SuggestionAdopted: _adopted,
    e.RatingSubmitted: _rated,
    e.CommendationGranted: _commended,
    e.DeductionUpheld: _deducted,
    e.UnitAssessmentSubmitted: _assessed,
}
