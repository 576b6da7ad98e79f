"""Which fact each event states: kind, day, figures, and what takes it back."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.evaluation.facts.sources import FACTS, Source, fact_of
from services.evaluation.scoring.facts import Fact, FactKind
from shared.contracts.activities.codes import ActivityType, Attendance, EvidenceLevel, SixOnesItem, TimeBand
from shared.contracts.activities.community import SixOnesItemCompleted, SixOnesItemReopened
from shared.contracts.activities.posts import PostFulfilled, PostReleased, PostTakenUp
from shared.contracts.activities.records import ActivityConfirmed, ActivityCorrected, ActivityVoided, AttendanceRecorded
from shared.contracts.event import Event
from shared.contracts.registration.registrations import RegistrationRenewed
from shared.testing.samples import sample

HEARD = Source(UUID(int=99), 3, date(2027, 1, 6))
PROOF, EARLIER, POST = UUID(int=5), UUID(int=6), UUID(int=7)


def stated(type_: type[Event], **changes: Any) -> Fact:
    """The fact of an event of which these fields matter."""
    return fact_of(HEARD, sample(type_).model_copy(update=changes)).fact


@pytest.mark.parametrize("type_", FACTS, ids=lambda type_: type_.__name__)
def test_every_event_states_a_fact_of_its_member_with_itself_as_source(type_: type[Event]) -> None:
    event = sample(type_)
    found = fact_of(HEARD, event)
    assert found.member_id == getattr(event, "member_id")  # noqa: B009 - every type of the table has one
    assert (found.fact.event_id, found.fact.revision) == (HEARD.event_id, HEARD.revision)
    assert found.fact.sources[0] == HEARD.event_id


@pytest.mark.parametrize(
    ("day", "half"),
    [(date(2026, 1, 1), "2026-H1"), (date(2026, 6, 30), "2026-H1"), (date(2026, 7, 1), "2026-H2"), (date(2026, 12, 31), "2026-H2")],
)
def test_a_renewal_counts_for_its_half_of_the_year(day: date, half: str) -> None:
    renewed = stated(RegistrationRenewed, renewed_on=day)
    assert (renewed.data, renewed.occurred) == ({"half": half}, day)


@pytest.mark.parametrize(
    ("heard_on", "year", "counted_on"),
    [
        (date(2026, 5, 4), 2026, date(2026, 5, 4)),
        (date(2027, 1, 6), 2026, date(2026, 12, 31)),  # recorded in January
        (date(2025, 12, 30), 2026, date(2026, 1, 1)),
    ],
)
@pytest.mark.parametrize(("type_", "is_taken_back"), [(SixOnesItemCompleted, False), (SixOnesItemReopened, True)])
def test_an_item_counts_in_its_year(type_: type[Event], is_taken_back: bool, heard_on: date, year: int, counted_on: date) -> None:
    event = sample(type_).model_copy(update={"year": year, "item": SixOnesItem.SUGGESTION, "source_event_id": PROOF})
    item = fact_of(HEARD._replace(day=heard_on), event).fact
    assert (item.occurred, item.subject, item.data) == (counted_on, f"{year}/SUGGESTION", {"item": "SUGGESTION"})
    assert (item.voided, item.evidence) == (is_taken_back, (PROOF,))


def test_a_record_states_its_figures_and_what_it_corrects() -> None:
    figures: dict[str, Any] = {
        "activity_type": ActivityType.VOLUNTEER_SERVICE,
        "time_band": TimeBand.OUTSIDE_WORK_HOURS,
        "evidence_level": EvidenceLevel.ORGANISER_CONFIRMED,
        "minutes": 90,
        "duty_units": 2,
        "served_on": date(2026, 5, 1),
    }
    confirmed = stated(ActivityConfirmed, **figures, post_id=None)
    assert (confirmed.kind, confirmed.occurred, confirmed.replaces) == (FactKind.SERVICE, date(2026, 5, 1), None)
    assert "post_id" not in confirmed.data
    assert (confirmed.data["minutes"], confirmed.data["duty_units"]) == (90, 2)
    assert stated(ActivityConfirmed, **figures, post_id=POST).data["post_id"] == str(POST)
    assert stated(ActivityCorrected, **figures, corrects_event_id=EARLIER).replaces == EARLIER


def test_a_voided_record_is_taken_back_on_the_day_it_stood_for() -> None:
    voided = stated(ActivityVoided, before_served_on=date(2026, 5, 1), voids_event_id=EARLIER)
    assert (voided.voided, voided.occurred, voided.replaces) == (True, date(2026, 5, 1), EARLIER)


@pytest.mark.parametrize(("with_notice", "until"), [(True, date(2026, 8, 3)), (False, None)])
def test_a_post_given_up_with_notice_is_agreed_until_that_day(with_notice: bool, until: date | None) -> None:
    released = stated(PostReleased, released_on=date(2026, 8, 3), with_notice=with_notice, agreed_units=12, post_id=POST)
    assert (released.until, released.data) == (until, {"post_id": str(POST), "agreed_units": 12})


def test_a_post_is_one_subject_from_taking_it_up_to_its_end() -> None:
    claim = UUID(int=8)
    taken_up = stated(PostTakenUp, claim_id=claim, taken_up_on=date(2026, 2, 1))
    fulfilled = stated(PostFulfilled, claim_id=claim, ended_on=date(2026, 12, 31))
    released = stated(PostReleased, claim_id=claim)
    assert {taken_up.subject, fulfilled.subject, released.subject} == {str(claim)}
    assert (taken_up.occurred, fulfilled.occurred) == (date(2026, 2, 1), date(2026, 12, 31))


@pytest.mark.parametrize("attendance", list(Attendance))
def test_only_an_unexcused_absence_stands(attendance: Attendance) -> None:
    assert stated(AttendanceRecorded, attendance=attendance).voided is (attendance is not Attendance.NO_SHOW)
