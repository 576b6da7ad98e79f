"""Suggestions: why, what is missing, and what is never suggested; by example and for any facts."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.activities.matching.matching import (
    Candidate,
    FitGap,
    FitReason,
    Match,
    Offer,
    Why,
    members_for,
    posts_for,
    suggested,
    times_of,
)
from services.activities.posts.applications import ACTIVE_POST_LIMIT, ClaimPost, HeldPost, PostIsNotOpen
from services.activities.posts.post import SERVICE_POST
from services.activities.posts.state import Open, TakenUp, Waiting
from shared.contracts.activities.codes import ClaimRejection, DutySlot
from shared.contracts.activities.posts import PostClaimed, PostClaimRejected, PostClaimWaitlisted, PostEstablished
from shared.contracts.service_preference import PostCategory, ServicePreference, ServiceTime
from tests.activities.given import COMMUNITY, DAY, OTHER_COMMUNITY, POST_ID, TERM_END, TERM_START, TERMS, claim_id, member, some_id

SATURDAY = DutySlot(weekday=6, starts=time(9), ends=time(11))
TUESDAY = DutySlot(weekday=2, starts=time(18), ends=time(20))
MORNINGS = ServicePreference(kinds=(PostCategory.PUBLIC_ORDER,), times=(ServiceTime.WEEKEND_MORNING,))
OTHER_POST = HeldPost(post_id=some_id("ee", 9), term_start=TERM_START, term_end=TERM_END, slots=(SATURDAY,))


def offer(holders: int = 0, waiting: int = 0, **changes: Any) -> Offer:
    return Offer(PostEstablished.model_validate({**TERMS, **changes}), holders, waiting)


def somebody(number: int = 1, **changes: Any) -> Candidate:
    values: dict[str, Any] = {"member_id": member(number), "member_no": f"M-{number:04}", "community_id": COMMUNITY, **changes}
    return Candidate(**values)


def fit(candidate: Candidate, post: Offer, *, is_on: bool = False) -> Match | None:
    return suggested(candidate, post, DAY, is_minors_module_on=is_on)


def reasons(found: Match | None) -> list[FitReason | FitGap]:
    return [] if found is None else [each.code for each in found.reasons]


def missing(found: Match | None) -> list[Why]:
    assert found is not None
    return list(found.missing)


def test_a_suggestion_says_which_of_the_members_words_fit() -> None:
    willing = somebody(skills=("急救", "书法"), interests=("巡逻", "下棋"), willingness=MORNINGS)
    found = fit(willing, offer(skills=("急救", "外语"), slots=(SATURDAY, TUESDAY)))
    assert found is not None
    assert found.reasons == (
        Why(FitReason.SKILL, ("急救",)),
        Why(FitReason.KIND, ("PUBLIC_ORDER",)),
        Why(FitReason.TIME, ("WEEKEND_MORNING",)),
        Why(FitReason.INTEREST, ("巡逻",)),
        Why(FitReason.COMMUNITY),
    )
    assert found.missing == (Why(FitGap.OTHER_TIMES, ("WEEKDAY_EVENING",)),)


def test_whoever_declared_nothing_is_suggested_everything_in_their_community_and_nothing_elsewhere() -> None:
    assert reasons(fit(somebody(), offer(slots=(SATURDAY,)))) == [FitReason.COMMUNITY]
    assert missing(fit(somebody(), offer(slots=(SATURDAY,)))) == []
    assert fit(somebody(community_id=OTHER_COMMUNITY), offer()) is None


def test_a_skill_or_a_field_of_service_leads_into_another_community_and_free_time_does_not() -> None:
    elsewhere = {"community_id": OTHER_COMMUNITY}
    assert reasons(fit(somebody(**elsewhere, skills=("急救",)), offer(skills=("急救",)))) == [FitReason.SKILL]
    assert reasons(fit(somebody(**elsewhere, willingness=MORNINGS), offer())) == [FitReason.KIND]
    free = ServicePreference(times=(ServiceTime.WEEKEND_MORNING,))
    assert fit(somebody(**elsewhere, willingness=free), offer(slots=(SATURDAY,))) is None


def test_a_qualification_that_is_not_shown_and_a_full_post_are_said() -> None:
    full = offer(holders=2, waiting=1, qualification="律师执业证")
    assert missing(fit(somebody(), full)) == [Why(FitGap.QUALIFICATION, ("律师执业证",)), Why(FitGap.WAITING_LIST, ("2",))]
    lawyer = somebody(skills=("律师执业证",))
    assert reasons(fit(lawyer, full))[0] is FitReason.SKILL
    assert missing(fit(lawyer, offer(qualification="律师执业证"))) == []


@pytest.mark.parametrize(("at_most", "is_said"), [(1, True), (2, False), (None, False)])
def test_a_post_that_asks_for_more_than_was_named_says_so(at_most: int | None, is_said: bool) -> None:
    willing = somebody(willingness=ServicePreference(times_per_month=at_most))
    assert (missing(fit(willing, offer())) == [Why(FitGap.FREQUENCY, ("2",))]) is is_said


@pytest.mark.parametrize(
    ("candidate", "post"),
    [
        pytest.param(somebody(held=(HeldPost(post_id=POST_ID, term_start=TERM_START, term_end=TERM_END),)), offer(), id="held"),
        pytest.param(somebody(held=(OTHER_POST,)), offer(slots=(SATURDAY,)), id="collision"),
        pytest.param(
            somebody(held=tuple(OTHER_POST.model_copy(update={"post_id": some_id("ee", 10 + n), "slots": ()}) for n in range(3))),
            offer(),
            id="load limit",
        ),
        pytest.param(somebody(), offer(holders=2, waiting=2), id="no place and no line"),
        pytest.param(somebody(), offer(hazards=("高处作业",)), id="hazard without insurance"),
        pytest.param(somebody(), offer(is_with_minors=True, safeguarding="两人同行"), id="module off"),
        pytest.param(somebody(), offer(term_end=DAY - timedelta(days=1)), id="term over"),
    ],
)
def test_what_a_member_is_barred_from_is_not_suggested(candidate: Candidate, post: Offer) -> None:
    assert fit(candidate, post) is None


def test_with_minors_the_vetting_is_said() -> None:
    assert missing(fit(somebody(), offer(is_with_minors=True, safeguarding="两人同行"), is_on=True)) == [Why(FitGap.VETTING)]


def test_posts_come_by_how_much_fits_and_then_by_their_term() -> None:
    later, earlier, fitting = (
        offer(post_id=some_id("ee", 1), term_start=date(2026, 3, 1)),
        offer(post_id=some_id("ee", 2)),
        offer(post_id=some_id("ee", 3), term_start=date(2026, 5, 1), skills=("急救",)),
    )
    found = posts_for(somebody(skills=("急救",)), [later, earlier, fitting], DAY, is_minors_module_on=False)
    assert [each.offer for each in found] == [fitting, earlier, later]


def test_g9_members_stand_in_groups_of_the_same_reasons_by_number_and_not_by_how_much_fits() -> None:
    post = offer(skills=("急救",), slots=(SATURDAY,))
    people = [
        somebody(1, skills=("急救",), willingness=MORNINGS),
        somebody(2, skills=("急救",)),
        somebody(3, willingness=MORNINGS),
        somebody(4, skills=("急救",)),
        somebody(5),
        somebody(6, skills=("书法",)),
    ]
    found = members_for(post, reversed(people), DAY, is_minors_module_on=False)
    assert [each.candidate.member_no for each in found] == ["M-0002", "M-0004", "M-0001", "M-0003"]


@pytest.mark.parametrize(
    ("weekday", "starts", "ends", "parts"),
    [
        (1, time(9), time(11), {"WEEKDAY_MORNING"}),
        (5, time(11), time(13), {"WEEKDAY_MORNING", "WEEKDAY_AFTERNOON"}),
        (5, time(17, 30), time(19), {"WEEKDAY_EVENING"}),
        (6, time(12), time(17, 30), {"WEEKEND_AFTERNOON"}),
        (7, time(8), time(20), {"WEEKEND_MORNING", "WEEKEND_AFTERNOON", "WEEKEND_EVENING"}),
    ],
)
def test_parts_of_the_week(weekday: int, starts: time, ends: time, parts: set[str]) -> None:
    assert times_of(DutySlot(weekday=weekday, starts=starts, ends=ends)) == parts


WORDS = ("急救", "书法", "巡逻", "律师执业证", "夜")
subsets = st.lists(st.sampled_from(WORDS), max_size=4, unique=True).map(tuple)
hours = st.integers(6, 21).map(time)
slots = st.lists(
    st.builds(DutySlot, weekday=st.integers(1, 7), starts=hours, ends=hours).filter(lambda slot: slot.starts < slot.ends), max_size=3
).map(tuple)
terms_of_posts = st.fixed_dictionaries(
    {
        "post_id": st.integers(1, 4).map(lambda number: some_id("ee", number)),
        "community_id": st.sampled_from([COMMUNITY, OTHER_COMMUNITY]),
        "category": st.sampled_from([PostCategory.PUBLIC_ORDER, PostCategory.CULTURE]),
        "duties": st.sampled_from(["夜间巡逻", "教书法", "打扫"]),
        "capacity": st.integers(1, 2),
        "waiting_list_limit": st.integers(0, 2),
        "agreed_units": st.integers(1, 40),
        "term_start": st.sampled_from([TERM_START, DAY + timedelta(days=30)]),
        "term_end": st.sampled_from([DAY - timedelta(days=1), DAY + timedelta(days=60), TERM_END]),
        "skills": subsets,
        "qualification": st.sampled_from([None, "律师执业证"]),
        "hazards": st.sampled_from([(), ("高处作业",)]),
        "insurance": st.sampled_from([None, "意外险"]),
        "is_with_minors": st.booleans(),
        "slots": slots,
    }
)
offers = st.builds(
    lambda holders, waiting, terms: offer(min(holders, terms["capacity"]), waiting, **terms), *[st.integers(0, 2)] * 2, terms_of_posts
)
held = st.builds(
    HeldPost,
    post_id=st.integers(1, 9).map(lambda number: some_id("ee", number)),
    term_start=st.just(TERM_START),
    term_end=st.sampled_from([DAY, TERM_END]),
    slots=slots,
)
willingness = st.builds(
    ServicePreference,
    kinds=st.lists(st.sampled_from(PostCategory), max_size=3, unique=True).map(tuple),
    times=st.lists(st.sampled_from(ServiceTime), max_size=4, unique=True).map(tuple),
    times_per_month=st.none() | st.integers(1, 31),
)
candidates = st.builds(
    somebody,
    st.integers(1, 20),
    community_id=st.sampled_from([COMMUNITY, OTHER_COMMUNITY]),
    skills=subsets,
    interests=subsets,
    willingness=willingness,
    held=st.lists(held, max_size=ACTIVE_POST_LIMIT, unique_by=lambda each: each.post_id).map(tuple),
)


def claims(post: Offer) -> Open:
    """The post as a claim finds it: so many others hold a place and wait."""
    numbers = range(50, 50 + post.holders + post.waiting)
    holders = tuple(TakenUp(claim_id(n), member(n), 1, DAY) for n in numbers[: post.holders])
    waiting = tuple(Waiting(claim_id(n), member(n), 1) for n in numbers[post.holders :])
    return Open(post.terms, (*holders, *waiting))


@given(candidates, st.lists(offers, max_size=6), st.booleans())
@example(candidate=somebody(), posts=[offer(), offer(holders=2), offer(qualification="律师执业证")], is_on=False)
def test_a_claim_on_what_is_suggested_comes_out_as_was_said(candidate: Candidate, posts: list[Offer], is_on: bool) -> None:
    for found in posts_for(candidate, posts, DAY, is_minors_module_on=is_on):
        command = ClaimPost(claim_id=claim_id(1), member_id=candidate.member_id, today=DAY, held=candidate.held, skills=candidate.skills)
        (outcome,) = SERVICE_POST.decide(command, claims(found.offer))
        codes = {each.code: each.about for each in found.missing}
        match outcome:
            case PostClaimed():
                assert not {FitGap.QUALIFICATION, FitGap.WAITING_LIST} & set(codes)
            case PostClaimWaitlisted():
                assert codes[FitGap.WAITING_LIST] == (str(outcome.position),)
            case PostClaimRejected():
                assert outcome.reason is ClaimRejection.QUALIFICATION
                assert FitGap.QUALIFICATION in codes
            case _:
                pytest.fail(f"{outcome} is no answer to a claim")


@given(candidates, offers, st.booleans())
def test_what_is_barred_is_never_suggested(candidate: Candidate, post: Offer, is_on: bool) -> None:
    """The other way round: whatever a claim would be refused for, but a qualification, is not suggested."""
    skills = (*candidate.skills, post.terms.qualification or "")
    command = ClaimPost(claim_id=claim_id(1), member_id=candidate.member_id, today=DAY, held=candidate.held, skills=skills)
    try:
        (outcome,) = SERVICE_POST.decide(command, claims(post))
        is_refused = isinstance(outcome, PostClaimRejected)
    except PostIsNotOpen:
        is_refused = True
    terms = post.terms
    is_unsafe = bool(terms.hazards and not terms.insurance) or (terms.is_with_minors and not is_on)
    is_held = any(each.post_id == terms.post_id for each in candidate.held)
    if is_refused or is_unsafe or is_held:
        assert fit(candidate, post, is_on=is_on) is None


@given(candidates, offers, st.booleans())
def test_only_what_was_declared_and_what_the_post_states_counts(candidate: Candidate, post: Offer, is_on: bool) -> None:
    found = fit(candidate, post, is_on=is_on)
    declared = {
        FitReason.SKILL: set(candidate.skills),
        FitReason.KIND: {str(each) for each in candidate.willingness.kinds},
        FitReason.TIME: {str(each) for each in candidate.willingness.times},
        FitReason.INTEREST: set(candidate.interests),
        FitReason.COMMUNITY: set[str](),
    }
    for each in () if found is None else found.reasons:
        assert isinstance(each.code, FitReason)
        assert set(each.about) <= declared[each.code]
    silent = somebody(community_id=candidate.community_id, held=candidate.held)
    assert set(reasons(fit(silent, post, is_on=is_on))) <= {FitReason.COMMUNITY}


@given(st.lists(candidates, max_size=5, unique_by=lambda each: each.member_no), st.lists(offers, min_size=1, max_size=4), st.data())
def test_the_order_in_which_facts_arrive_changes_nothing(people: list[Candidate], posts: list[Offer], data: st.DataObject) -> None:
    unique = list({each.terms.post_id: each for each in posts}.values())
    shuffled = [
        Candidate(
            each.member_id,
            each.member_no,
            each.community_id,
            skills=each.skills[::-1],
            interests=each.interests[::-1],
            willingness=each.willingness.model_copy(update={"kinds": each.willingness.kinds[::-1], "times": each.willingness.times[::-1]}),
            held=each.held[::-1],
        )
        for each in data.draw(st.permutations(people))
    ]
    post = unique[0]
    again = members_for(post, shuffled, DAY, is_minors_module_on=True)
    assert [said(each) for each in members_for(post, people, DAY, is_minors_module_on=True)] == [said(each) for each in again]
    for before, after in ((each, other) for each in people for other in shuffled if each.member_id == other.member_id):
        first = posts_for(before, unique, DAY, is_minors_module_on=True)
        second = posts_for(after, data.draw(st.permutations(unique)), DAY, is_minors_module_on=True)
        assert [said(each) for each in first] == [said(each) for each in second]


def said(match: Match) -> tuple[object, ...]:
    return (match.candidate.member_no, match.offer.terms.post_id, match.reasons, match.missing)


@given(st.lists(candidates, max_size=6, unique_by=lambda each: each.member_no), offers)
def test_g9_more_fitting_words_move_nobody_ahead_within_a_group(people: list[Candidate], post: Offer) -> None:
    found = members_for(post, people, DAY, is_minors_module_on=True)
    groups: dict[frozenset[object], list[str]] = {}
    for each in found:
        groups.setdefault(frozenset(reason.code for reason in each.reasons), []).append(each.candidate.member_no)
    assert all(numbers == sorted(numbers) for numbers in groups.values())
