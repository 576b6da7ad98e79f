"""A day that gets long is said to the member before it comes: when they plan it, in their list and calendar; nothing is refused."""

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.activities.plans.planned_days import (
    LONG_DAY_PLANNED,
    OVERLAP_PLANNED,
    LongDay,
    PlannedPost,
    Plans,
    Span,
    days_of,
    days_of_duty,
    warning,
)
from shared.calendar.local_time import CHINA
from shared.contracts.activities.codes import DutySlot
from tests.activities.conftest import District
from tests.activities.given import DAY, POST_ID, TERM_END, TERM_START, member, some_id

NEXT_DAY = DAY + timedelta(days=1)


def span(starts: int, ends: int, day: date = DAY) -> Span:
    midnight = datetime.combine(day, time(), CHINA)
    return midnight + timedelta(hours=starts), midnight + timedelta(hours=ends)


def plans(*spans: Span) -> Plans:
    return Plans({some_id("dd", number): each for number, each in enumerate(spans)})


def patrol(starts: int, ends: int) -> PlannedPost:
    slot = DutySlot(weekday=DAY.isoweekday(), starts=time(starts), ends=time(ends))
    return PlannedPost(post_id=POST_ID, term_start=TERM_START, term_end=TERM_END, slots=(slot,))


def test_g19_a_day_is_long_above_eight_hours_and_what_overlaps_counts_once():
    assert plans(span(8, 12), span(13, 17)).long_days([DAY]) == ()
    assert plans(span(8, 12), span(12, 17)).long_days([DAY]) == (LongDay(day=DAY, minutes=540),)
    assert plans(span(8, 16), span(9, 15), span(10, 16)).long_days([DAY]) == ()
    assert plans(span(8, 18)).long_days([NEXT_DAY]) == ()


def test_g19_a_night_belongs_to_both_its_days():
    night = span(20, 30)
    assert days_of(night) == (DAY, NEXT_DAY)
    assert plans(night).long_days(days_of(night)) == ()
    assert plans(night, span(24 + 8, 24 + 11)).long_days([DAY, NEXT_DAY]) == (LongDay(day=NEXT_DAY, minutes=540),)
    assert days_of(span(16, 24)) == (DAY,)


def test_g19_duty_times_of_posts_count_on_their_weekday_within_the_term():
    with_duty = plans(span(8, 14)).with_post(patrol(17, 20))
    assert with_duty.long_days([DAY, NEXT_DAY]) == (LongDay(day=DAY, minutes=540),)
    assert with_duty.with_post(patrol(17, 18)).long_days([DAY]) == ()  # the same post, amended
    assert with_duty.long_days([TERM_END + timedelta(days=7)]) == ()


def test_g19_a_post_is_looked_at_for_a_week_and_on_days_with_activities():
    far = DAY + timedelta(days=70)
    days = days_of_duty(patrol(8, 20), plans(span(8, 10, far), span(8, 10, TERM_END + timedelta(days=30))), DAY)
    assert (len(days), days[0], days[-1]) == (8, DAY, far)
    assert days_of_duty(patrol(8, 20), plans(), TERM_END) == (TERM_END,)


@given(st.lists(st.tuples(st.integers(-24, 40), st.integers(1, 30)), max_size=8))
def test_g19_no_day_has_more_than_a_day_and_order_does_not_matter(times: list[tuple[int, int]]):
    spans = [span(starts, starts + hours) for starts, hours in times]
    found = plans(*spans).long_days([DAY])
    assert found == plans(*reversed(spans)).long_days([DAY])
    assert all(480 < each.minutes <= 1440 for each in found)


async def test_g19_signing_up_for_a_long_day_is_warned_of_and_never_refused(district: District) -> None:
    first = await district.open_activity()
    starts_at = district.service.now + timedelta(days=1, hours=18)  # until the first begins
    second = await district.open_activity(starts_at=starts_at.isoformat(), ends_at=(starts_at + timedelta(hours=6)).isoformat())
    assert (await district.post(f"/activities/{first}/sign-ups", district.member(1), 201))["result"] == {"outcome": "signed_up"}
    await district.service.settled()
    day = {"day": starts_at.astimezone(CHINA).date().isoformat(), "minutes": 540}
    assisted = await district.post(f"/activities/{second}/sign-ups", district.clerk, 201, member_id=str(member(1)), consent="电话同意")
    assert assisted["result"] == {"outcome": "signed_up"}  # what else the member plans is nobody's business
    again = await district.post(f"/activities/{second}/sign-ups", district.member(1), 201)
    assert again["result"] == {"outcome": "signed_up", "warnings": ["more_than_eight_hours_planned"], "long_days": [day]}
    assert "warnings" not in (await district.post(f"/activities/{second}/sign-ups", district.member(2), 201))["result"]
    mine = (await district.get("/me/activities", district.member(1)))["items"]
    assert [each["long_days"] for each in mine] == [[day], [day]]
    (other,) = (await district.get("/me/activities", district.member(2)))["items"]
    assert other["long_days"] == []
    file = await district.service.get("/me/activities.ics", as_=district.member(1))
    assert file.text.count("DESCRIPTION:") == 2
    assert "超过八小时" in file.text.replace("\r\n ", "")
    await district.post(f"/activities/{second}/sign-ups/withdraw", district.member(1))
    (left,) = (each for each in (await district.get("/me/activities", district.member(1)))["items"] if each["is_signed_up"])
    assert (left["activity_id"], left["long_days"]) == (first, [])


async def test_g19_signing_up_for_two_things_at_one_time_is_warned_of_and_never_refused(district: District) -> None:
    nine = district.service.now + timedelta(days=2)
    first = await district.open_activity(starts_at=nine.isoformat(), ends_at=(nine + timedelta(hours=2)).isoformat())
    second = await district.open_activity(
        starts_at=(nine + timedelta(hours=1)).isoformat(), ends_at=(nine + timedelta(hours=3)).isoformat()
    )
    third = await district.open_activity(starts_at=(nine + timedelta(hours=3)).isoformat(), ends_at=(nine + timedelta(hours=4)).isoformat())
    assert (await district.post(f"/activities/{first}/sign-ups", district.member(1), 201))["result"] == {"outcome": "signed_up"}
    await district.service.settled()
    answer = (await district.post(f"/activities/{second}/sign-ups", district.member(1), 201))["result"]
    assert answer["warnings"] == [OVERLAP_PLANNED]
    (overlap,) = answer["overlaps"]
    assert (overlap["activity_id"], overlap["post_id"]) == (first, None)
    assert datetime.fromisoformat(overlap["starts_at"]) == nine
    assert (await district.post(f"/activities/{third}/sign-ups", district.member(1), 201))["result"] == {"outcome": "signed_up"}
    mine = (await district.get("/me/activities", district.member(1)))["items"]
    assert [[other["activity_id"] for other in each["overlaps"]] for each in mine] == [[second], [first], []]
    file = await district.service.get("/me/activities.ics", as_=district.member(1))
    assert file.text.replace("\r\n ", "").count("这一时段已有其他安排") == 2


def test_what_begins_when_the_other_ends_does_not_overlap():
    planned, own = plans(span(9, 11), span(10, 12), span(12, 13)).with_post(patrol(8, 10)), some_id("dd", 0)
    assert [each.post_id or each.activity_id for each in planned.overlaps(own, span(9, 11))] == [POST_ID, some_id("dd", 1)]
    assert planned.overlaps(some_id("dd", 2), span(12, 13)) == ()
    duty = planned.overlaps_of_post(patrol(8, 10), (DAY, DAY, NEXT_DAY))
    assert [each.activity_id for each in duty] == [own]
    assert planned.overlaps_of(own, span(9, 11), span(9, 11)[1]) == ()


@given(st.lists(st.tuples(st.integers(-24, 40), st.integers(1, 30)), min_size=1, max_size=8))
def test_overlaps_are_mutual(times: list[tuple[int, int]]):
    planned = plans(*(span(starts, starts + hours) for starts, hours in times))
    pairs = {(own, other.activity_id) for own, when in planned.activities.items() for other in planned.overlaps(own, when)}
    assert pairs == {(other, own) for own, other in pairs}


async def test_g19_claiming_a_post_with_long_duty_is_warned_of(district: District) -> None:
    slots = [{"weekday": weekday, "starts": "09:00:00", "ends": "19:00:00"} for weekday in range(1, 8)]
    claim = await district.claim(await district.open_post(slots=slots), 1)
    assert (claim["outcome"], claim["warnings"]) == ("claimed", ["more_than_eight_hours_planned"])
    assert [each["minutes"] for each in claim["long_days"]] == [600] * 7
    await district.service.settled()
    refused = await district.claim(await district.open_post(slots=slots), 1)
    assert (refused["outcome"], "warnings" in refused) == ("rejected", False)
    assert "warnings" not in await district.claim(await district.open_post(), 2)


def test_only_duty_of_the_weekday_within_the_term_counts():
    busy = Plans({some_id("dd", 1): span(8, 16)}, (patrol(17, 19),))
    assert busy.long_days([DAY]) == (LongDay(day=DAY, minutes=600),)
    next_day = Plans({some_id("dd", 1): span(8, 16, NEXT_DAY)}, (patrol(17, 19),))
    assert next_day.long_days([NEXT_DAY]) == ()
    over = patrol(17, 19).model_copy(update={"term_end": DAY - timedelta(days=1)})
    assert Plans({some_id("dd", 1): span(8, 16)}, (over,)).long_days([DAY]) == ()


def test_an_activity_that_is_over_or_not_planned_makes_no_day_long():
    known, unknown = some_id("dd", 1), some_id("dd", 2)
    day = span(8, 18)
    planned = Plans({known: day})
    assert planned.long_days_of(known, day, day[0]) == (LongDay(day=DAY, minutes=600),)
    assert planned.long_days_of(known, day, day[1]) == ()
    assert planned.long_days_of(unknown, day, day[0]) == ()


def test_a_warning_names_the_long_days_and_says_nothing_without_any():
    long = (LongDay(day=DAY, minutes=600),)
    assert warning(long) == {"warnings": [LONG_DAY_PLANNED], "long_days": long}
    assert warning(()) == {}
