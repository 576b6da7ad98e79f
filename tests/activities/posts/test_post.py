"""Posts and claims: places, the waiting list, the limits, taking up, release and the end of the term."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from services.activities.posts.applications import ActivePostLimitReached, AlreadyClaimed, ClaimPost, HeldPost, PostIsNotOpen
from services.activities.posts.claims import (
    ClaimUnknown,
    CompletePostTerm,
    ConfirmPostClaim,
    NotTakenUp,
    QualificationNotChecked,
    ReleasePost,
    StillWaiting,
    TermIsRunning,
)
from services.activities.posts.post import (
    ACTIVE_POST,
    SERVICE_POST,
    AmendPost,
    CapacityBelowHolders,
    ClosePost,
    EstablishPost,
    HazardNeedsInsurance,
    ProposePost,
    reservations,
)
from services.activities.refusals import NobodyConfirmsTheirOwn, ReasonIsTheCommunitys, TermEndsBeforeItStarts
from shared.contracts.activities.codes import ClaimRejection, DutySlot, ReleaseReason
from shared.contracts.activities.posts import (
    PostAmended,
    PostClaimRejected,
    PostClaimWithdrawn,
    PostClosed,
    PostEstablished,
    PostFulfilled,
    PostProposed,
    PostReleased,
)
from shared.decider import Release, Reserve
from shared.testing.scenario import Scenario
from tests.activities.given import (
    COMMUNITY,
    DAY,
    POST_ID,
    SECRETARY,
    TERM_END,
    TERM_START,
    TERMS,
    claim_id,
    claim_ids,
    claimed,
    established,
    member,
    proposed,
    some_id,
    taken_up,
    waitlisted,
)

EVENING = DutySlot(weekday=6, starts=time(19), ends=time(21))


def claim(number: int, **more: Any) -> ClaimPost:
    return ClaimPost(claim_id=claim_id(number), member_id=member(number), today=DAY, **more)


def release(number: int, **more: Any) -> ReleasePost:
    values = {"by_member": True, "reason": ReleaseReason.WORKLOAD, "today": DAY, "leaves_on": DAY, **more}
    return ReleasePost(claim_id=claim_id(number), **values)


def held(number: int, *slots: DutySlot) -> HeldPost:
    return HeldPost(post_id=some_id("ee", number), term_start=TERM_START, term_end=TERM_END, slots=slots)


def test_a_proposed_post_is_established_as_it_was_proposed():
    Scenario(SERVICE_POST).when(ProposePost(**TERMS)).then(proposed)
    Scenario(SERVICE_POST).given(proposed).when(EstablishPost()).then(established)
    Scenario(SERVICE_POST).given(proposed, established).when(EstablishPost()).then_nothing()


def test_a_term_cannot_end_before_it_starts():
    backwards = {**TERMS, "term_end": TERM_START - timedelta(days=1)}
    Scenario(SERVICE_POST).when(ProposePost(**backwards)).then_rejected(TermEndsBeforeItStarts)


def test_slots_run_forward_on_a_day_of_the_week():
    with pytest.raises(ValueError, match="a slot has a weekday"):
        ProposePost(**TERMS, slots=(DutySlot(weekday=8, starts=time(1), ends=time(2)),))
    with pytest.raises(ValueError, match="a slot has a weekday"):
        ProposePost(**TERMS, slots=(DutySlot(weekday=1, starts=time(3), ends=time(2)),))


def test_a_hazardous_post_waits_for_its_insurance():
    hazardous = PostProposed(**TERMS, hazards=("高处作业",))
    insured = AmendPost(reason="投保", insurance="团体意外险 2026-1")
    Scenario(SERVICE_POST).given(hazardous).when(EstablishPost()).then_rejected(HazardNeedsInsurance)
    amended = PostAmended(**TERMS, hazards=("高处作业",), insurance="团体意外险 2026-1", reason="投保")
    Scenario(SERVICE_POST).given(hazardous).when(insured).then(amended)
    Scenario(SERVICE_POST).given(hazardous, amended).when(EstablishPost()).then_events(PostEstablished)


def test_a_free_place_is_claimed():
    Scenario(SERVICE_POST).given(proposed, established).when(claim(1)).then(claimed(1))


def test_a_post_that_is_not_open_takes_no_claim():
    Scenario(SERVICE_POST).when(claim(1)).then_rejected(PostIsNotOpen)
    Scenario(SERVICE_POST).given(proposed).when(claim(1)).then_rejected(PostIsNotOpen)
    closed = PostClosed(post_id=POST_ID, community_id=COMMUNITY, reason="撤岗")
    Scenario(SERVICE_POST).given(proposed, established, closed).when(claim(1)).then_rejected(PostIsNotOpen)
    late = ClaimPost(claim_id=claim_id(1), member_id=member(1), today=TERM_END + timedelta(days=1))
    Scenario(SERVICE_POST).given(proposed, established).when(late).then_rejected(PostIsNotOpen)


def test_full_post_puts_the_claim_on_the_waiting_list():
    Scenario(SERVICE_POST).given(established, claimed(1), claimed(2)).when(claim(3)).then(waitlisted(3, 1))
    Scenario(SERVICE_POST).given(established, claimed(1), claimed(2), waitlisted(3, 1)).when(claim(4)).then(waitlisted(4, 2))


def test_full_waiting_list_turns_the_claim_away():
    full = (established, claimed(1), claimed(2), waitlisted(3, 1), waitlisted(4, 2))
    Scenario(SERVICE_POST).given(*full).when(claim(5)).then(PostClaimRejected(**claim_ids(5), reason=ClaimRejection.CAPACITY))


def test_nobody_holds_two_places_on_one_post():
    Scenario(SERVICE_POST).given(established, claimed(1)).when(claim(1)).then_rejected(AlreadyClaimed, claim_id=str(claim_id(1)))


def test_the_fourth_active_post_is_turned_away():
    rejected = PostClaimRejected(**claim_ids(1), reason=ClaimRejection.ACTIVE_POST_LIMIT)
    Scenario(SERVICE_POST).given(established).when(claim(1, held=(held(2), held(3), held(4)))).then(rejected)
    Scenario(SERVICE_POST).given(established).when(claim(1, held=(held(2), held(3)))).then(claimed(1))


def test_the_limit_of_active_posts_holds_across_streams():
    for event in (claimed(1), waitlisted(1, 1)):
        (place,) = reservations(event)
        assert place == Reserve(ACTIVE_POST, str(member(1)), ActivePostLimitReached, limit=3, holder=str(claim_id(1)))
    withdrawn = PostClaimWithdrawn(**claim_ids(1), was_waiting=True, reason=ReleaseReason.OTHER)
    fulfilled = PostFulfilled(**claim_ids(1), done_units=1, agreed_units=1, ended_on=TERM_END)
    for event in (withdrawn, fulfilled):
        assert reservations(event) == (Release(ACTIVE_POST, str(member(1)), holder=str(claim_id(1))),)
    assert reservations(established) == ()


def test_duties_at_the_same_time_collide():
    evening_post = PostEstablished(**TERMS, slots=(EVENING,))
    colliding = held(2, DutySlot(weekday=6, starts=time(20), ends=time(22)))
    following = held(2, DutySlot(weekday=6, starts=time(21), ends=time(22)))
    past = colliding.model_copy(update={"term_start": date(2025, 1, 1), "term_end": date(2025, 12, 31)})
    rejected = PostClaimRejected(**claim_ids(1), reason=ClaimRejection.COLLISION)
    Scenario(SERVICE_POST).given(evening_post).when(claim(1, held=(colliding,))).then(rejected)
    Scenario(SERVICE_POST).given(evening_post).when(claim(1, held=(following,))).then(claimed(1))
    Scenario(SERVICE_POST).given(evening_post).when(claim(1, held=(past,))).then(claimed(1))


def test_a_post_that_needs_a_qualification_asks_for_it_twice():
    legal = PostEstablished(**TERMS, qualification="律师执业证")
    rejected = PostClaimRejected(**claim_ids(1), reason=ClaimRejection.QUALIFICATION)
    confirm = ConfirmPostClaim(claim_id=claim_id(1), taken_up_on=DAY, confirmed_by=SECRETARY)
    checked = confirm.model_copy(update={"qualification_checked": True})
    Scenario(SERVICE_POST).given(legal).when(claim(1)).then(rejected)
    Scenario(SERVICE_POST).given(legal).when(claim(1, skills=("律师执业证",))).then(claimed(1))
    Scenario(SERVICE_POST).given(legal, claimed(1)).when(confirm).then_rejected(QualificationNotChecked)
    Scenario(SERVICE_POST).given(legal, claimed(1)).when(checked).then(taken_up(1, DAY))


def test_assisted_entry_keeps_how_the_member_agreed():
    Scenario(SERVICE_POST).given(established).when(claim(1, assisted_consent="本人当面同意")).then(
        claimed(1, assisted_consent="本人当面同意")
    )


def test_the_community_confirms_the_claim():
    confirm = ConfirmPostClaim(claim_id=claim_id(1), taken_up_on=DAY, confirmed_by=SECRETARY)
    own = confirm.model_copy(update={"confirmed_by": str(member(1))})
    Scenario(SERVICE_POST).given(established, claimed(1)).when(confirm).then(taken_up(1, DAY))
    Scenario(SERVICE_POST).given(established, claimed(1), taken_up(1)).when(confirm).then_nothing()
    Scenario(SERVICE_POST).given(established, claimed(1)).when(own).then_rejected(NobodyConfirmsTheirOwn)
    Scenario(SERVICE_POST).given(established, waitlisted(1, 1)).when(confirm).then_rejected(StillWaiting)
    Scenario(SERVICE_POST).given(established).when(confirm).then_rejected(ClaimUnknown)


def test_a_withdrawn_claim_makes_room_for_the_first_in_line():
    full = (established, claimed(1), claimed(2), waitlisted(3, 1), waitlisted(4, 2))
    withdrawn = PostClaimWithdrawn(**claim_ids(1), was_waiting=False, reason=ReleaseReason.WORKLOAD)
    Scenario(SERVICE_POST).given(*full).when(release(1)).then(withdrawn, claimed(3, from_waiting_list=True))


def test_leaving_the_waiting_list_promotes_nobody():
    full = (established, claimed(1), claimed(2), waitlisted(3, 1), waitlisted(4, 2))
    withdrawn = PostClaimWithdrawn(**claim_ids(3), was_waiting=True, reason=ReleaseReason.WORKLOAD)
    Scenario(SERVICE_POST).given(*full).when(release(3)).then(withdrawn)
    Scenario(SERVICE_POST).given(*full, withdrawn).when(release(3)).then_nothing()


@pytest.mark.parametrize(
    ("reason", "notice", "agreed", "with_notice"),
    [
        (ReleaseReason.WORKLOAD, 0, 24, False),
        (ReleaseReason.WORKLOAD, 6, 24, False),
        (ReleaseReason.WORKLOAD, 7, 5, True),  # 24 · 72/365 = 4.73
        (ReleaseReason.HEALTH, 0, 4, True),  # 24 · 65/365 = 4.27
    ],
)
def test_a_proper_release_counts_the_agreement_pro_rata(reason, notice, agreed, with_notice):
    leaves_on = DAY + timedelta(days=notice)
    released = PostReleased(
        **claim_ids(1),
        reason=reason,
        released_on=leaves_on,
        notice_days=notice,
        with_notice=with_notice,
        fulfilled_units=3,
        agreed_units=agreed,
        originally_agreed_units=24,
    )
    command = release(1, reason=reason, leaves_on=leaves_on, done_units=3)
    Scenario(SERVICE_POST).given(established, claimed(1), taken_up(1)).when(command).then(released)


def test_only_the_community_can_say_that_a_post_was_abandoned():
    given = (established, claimed(1), taken_up(1))
    Scenario(SERVICE_POST).given(*given).when(release(1, reason=ReleaseReason.ABANDONED)).then_rejected(ReasonIsTheCommunitys)
    (abandoned,) = (
        Scenario(SERVICE_POST).given(*given).when(release(1, reason=ReleaseReason.ABANDONED, by_member=False)).then_events(PostReleased)
    )
    assert isinstance(abandoned, PostReleased)
    assert not abandoned.with_notice
    assert abandoned.agreed_units == 24


def test_more_places_promote_those_who_wait():
    full = (established, claimed(1), claimed(2), waitlisted(3, 1), waitlisted(4, 2))
    amended = PostAmended(**{**TERMS, "capacity": 3}, reason="扩岗")
    Scenario(SERVICE_POST).given(*full).when(AmendPost(reason="扩岗", capacity=3)).then(amended, claimed(3, from_waiting_list=True))


def test_places_are_not_taken_away():
    full = (established, claimed(1), claimed(2))
    Scenario(SERVICE_POST).given(*full).when(AmendPost(reason="减岗", capacity=1)).then_rejected(CapacityBelowHolders, holders=2)


def test_a_closed_post_lets_everybody_go_properly():
    given = (established, claimed(1), claimed(2), taken_up(1), waitlisted(3, 1))
    close = ClosePost(reason="撤岗", today=DAY, done_units={member(1): 2})
    closed, released, *withdrawn = (
        Scenario(SERVICE_POST).given(*given).when(close).then_events(PostClosed, PostReleased, PostClaimWithdrawn, PostClaimWithdrawn)
    )
    assert isinstance(released, PostReleased)
    assert (released.with_notice, released.fulfilled_units, released.agreed_units) == (True, 2, 4)
    assert [each.was_waiting for each in withdrawn if isinstance(each, PostClaimWithdrawn)] == [False, True]
    Scenario(SERVICE_POST).given(*given, closed, released, *withdrawn).when(close).then_nothing()


def test_a_term_is_fulfilled_when_it_is_over():
    given = (established, claimed(1), taken_up(1))
    command = CompletePostTerm(claim_id=claim_id(1), ended_on=TERM_END, today=TERM_END, done_units=20)
    early = command.model_copy(update={"today": TERM_END - timedelta(days=1)})
    fulfilled = PostFulfilled(**claim_ids(1), done_units=20, agreed_units=24, ended_on=TERM_END)
    Scenario(SERVICE_POST).given(*given).when(command).then(fulfilled)
    Scenario(SERVICE_POST).given(*given).when(early).then_rejected(TermIsRunning)
    Scenario(SERVICE_POST).given(established, claimed(1)).when(command).then_rejected(NotTakenUp)


def test_nobody_overtakes_those_who_wait():
    fulfilled = PostFulfilled(**claim_ids(1), done_units=20, agreed_units=24, ended_on=TERM_END)
    given = (established, claimed(1), taken_up(1), claimed(2), waitlisted(3, 1), fulfilled)
    Scenario(SERVICE_POST).given(*given).when(claim(4)).then(waitlisted(4, 2))
