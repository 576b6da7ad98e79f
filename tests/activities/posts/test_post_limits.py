"""The edges of a post's rules: terms of one day, the last day of a term, proposals that come twice."""

from datetime import time, timedelta

import pytest
from pydantic import ValidationError

from services.activities.posts.applications import ClaimPost, PostIsNotOpen
from services.activities.posts.post import SERVICE_POST, AmendPost, ProposePost
from services.activities.posts.state import rejections
from services.activities.refusals import AlreadyExists, TermEndsBeforeItStarts
from shared.contracts.activities.codes import DutySlot
from shared.contracts.activities.posts import PostClaimed, PostProposed
from shared.testing.scenario import Scenario
from tests.activities.given import TERM_END, TERM_START, TERMS, claim_id, established, member, proposed


def test_a_term_lasts_a_day_at_least() -> None:
    one_day = TERMS | {"term_end": TERM_START}
    Scenario(SERVICE_POST).when(ProposePost(**one_day)).then(PostProposed(**one_day))
    amend = AmendPost(term_end=TERM_START - timedelta(days=1), reason="缩短")
    Scenario(SERVICE_POST).given(established).when(amend).then_rejected(TermEndsBeforeItStarts)


def test_the_same_post_is_not_proposed_twice() -> None:
    Scenario(SERVICE_POST).given(proposed).when(ProposePost(**TERMS)).then_rejected(AlreadyExists)


def test_a_post_is_claimed_up_to_the_last_day_of_its_term() -> None:
    last = ClaimPost(claim_id=claim_id(1), member_id=member(1), today=TERM_END)
    Scenario(SERVICE_POST).given(established).when(last).then_events(PostClaimed)
    late = last.model_copy(update={"today": TERM_END + timedelta(days=1)})
    Scenario(SERVICE_POST).given(established).when(late).then_rejected(PostIsNotOpen)


@pytest.mark.parametrize(("starts", "ends"), [(time(9), time(9)), (time(10), time(9))])
def test_a_duty_ends_after_it_has_begun(starts: time, ends: time) -> None:
    right = DutySlot(weekday=1, starts=time(8), ends=time(9))
    with pytest.raises(ValidationError):
        ProposePost(**TERMS, slots=(right, DutySlot(weekday=1, starts=starts, ends=ends)))


def test_a_post_that_is_not_open_has_refused_nobody() -> None:
    assert dict(rejections(SERVICE_POST.initial)) == {}
    assert dict(rejections(SERVICE_POST.evolve(SERVICE_POST.initial, proposed))) == {}
