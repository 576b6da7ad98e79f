"""A story of a model: nothing is shown but the very text the member agreed to, and only until the member takes that back."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.stories.story import (
    STORY,
    AgreeToStory,
    DraftStory,
    GiveUpStory,
    Published,
    PublishStory,
    RefuseStory,
    StoryHasChanged,
    StoryIsGivenUp,
    StoryNeedsAgreement,
    StoryUnknown,
)
from shared.contracts.event import Event
from shared.contracts.registration.stories import StoryAgreed, StoryDrafted, StoryGivenUp, StoryPublished, StoryRefused, StoryWithdrawn
from shared.decider import DomainError
from shared.testing.scenario import Scenario
from tests.registration.given import COMMUNITY, DAY, MEMBER

LATER = date(2026, 9, 2)
IDS: dict[str, Any] = {"story_id": UUID("0192ffff-0000-7000-8000-000000000001"), "member_id": MEMBER, "community_id": COMMUNITY}
TEXT: dict[str, Any] = {"title_sealed": "dGl0bGU=", "text_sealed": "dGV4dA=="}
draft = DraftStory(**IDS, **TEXT, drafted_on=DAY)
drafted = StoryDrafted(**IDS, **TEXT, text_version=1, drafted_on=DAY)
again = StoryDrafted(**IDS, **TEXT, text_version=2, drafted_on=LATER)
agreed = StoryAgreed(**IDS, text_version=1)
refused = StoryRefused(**IDS, text_version=1)
published = StoryPublished(**IDS, text_version=1)
withdrawn = StoryWithdrawn(**IDS, text_version=1, withdrawn_on=LATER)
given_up = StoryGivenUp(**IDS, text_version=1, given_up_on=LATER)
agree, refuse = AgreeToStory(text_version=1), RefuseStory(refused_on=LATER)
over = GiveUpStory(unagreed_since=DAY, given_up_on=LATER)


def test_a_story_is_published_only_after_the_member_agreed_to_its_text():
    Scenario(STORY).when(draft).then(drafted)
    Scenario(STORY).given(drafted).when(PublishStory()).then_rejected(StoryNeedsAgreement)
    Scenario(STORY).given(drafted).when(agree).then(agreed)
    Scenario(STORY).given(drafted, agreed).when(agree).then_nothing()
    Scenario(STORY).given(drafted, agreed).when(PublishStory()).then(published)
    for again_asked in (PublishStory(), agree):
        Scenario(STORY).given(drafted, agreed, published).when(again_asked).then_nothing()
    Scenario(STORY).given(drafted, refused).when(PublishStory()).then_rejected(StoryNeedsAgreement)
    Scenario(STORY).given(drafted, refused).when(agree).then(agreed)


def test_another_text_needs_another_agreement():
    rewritten = draft.model_copy(update={"drafted_on": LATER})
    Scenario(STORY).given(drafted, agreed, published).when(rewritten).then(again)
    Scenario(STORY).given(drafted, agreed, published, again).when(PublishStory()).then_rejected(StoryNeedsAgreement)
    Scenario(STORY).given(drafted, again).when(agree).then_rejected(StoryHasChanged)
    Scenario(STORY).given(drafted, again).when(AgreeToStory(text_version=2)).then(StoryAgreed(**IDS, text_version=2))


def test_a_no_is_never_refused_and_takes_off_what_was_agreed_to():
    Scenario(STORY).given(drafted).when(refuse).then(refused)
    Scenario(STORY).given(drafted, refused).when(refuse).then_nothing()
    for before in ((drafted, agreed), (drafted, agreed, published)):
        Scenario(STORY).given(*before).when(refuse).then(withdrawn)
    Scenario(STORY).given(drafted, agreed, published, withdrawn).when(refuse).then_nothing()
    Scenario(STORY).given(drafted, agreed, published, withdrawn).when(PublishStory()).then_rejected(StoryNeedsAgreement)
    Scenario(STORY).given(drafted, given_up).when(refuse).then_nothing()


@pytest.mark.parametrize("before", [(drafted,), (drafted, refused)])
def test_g15_a_text_nobody_agreed_to_is_given_up(before: tuple[Event, ...]):
    Scenario(STORY).given(*before).when(over).then(given_up)
    for after in ((drafted, agreed), (drafted, agreed, published), (drafted, again), (drafted, agreed, withdrawn), (drafted, given_up)):
        Scenario(STORY).given(*after).when(over).then_nothing()
    since_withdrawal = GiveUpStory(unagreed_since=LATER, given_up_on=LATER)
    Scenario(STORY).given(drafted, agreed, withdrawn).when(since_withdrawal).then(given_up)


def test_its_own_side_gives_it_up_in_every_state_and_then_it_is_over():
    end = GiveUpStory(given_up_on=LATER)
    for before in ((drafted,), (drafted, refused), (drafted, agreed, published), (drafted, agreed, withdrawn)):
        Scenario(STORY).given(*before).when(end).then(given_up)
    Scenario(STORY).given(drafted, given_up).when(end).then_nothing()
    for command in (draft, agree):
        Scenario(STORY).given(drafted, given_up).when(command).then_rejected(StoryIsGivenUp)
    Scenario(STORY).given(drafted, given_up).when(PublishStory()).then_rejected(StoryNeedsAgreement)
    for command in (agree, refuse, PublishStory(), end):
        Scenario(STORY).when(command).then_rejected(StoryUnknown)


commands = st.one_of(
    st.sampled_from([draft, refuse, PublishStory(), over, GiveUpStory(given_up_on=LATER)]),
    st.integers(1, 3).map(lambda version: AgreeToStory(text_version=version)),
)


@given(st.lists(commands, max_size=30))
def test_whatever_is_asked_what_is_shown_was_agreed_to_in_this_text_and_not_taken_back(asked: list[Any]):
    state, last_word = STORY.initial, dict[int, str]()
    for command in asked:
        try:
            events = STORY.decide(command, state)
        except DomainError:
            continue
        for event in events:
            if isinstance(event, StoryAgreed | StoryRefused | StoryWithdrawn):
                last_word[event.text_version] = type(event).__name__
            state = STORY.evolve(state, event)
        if isinstance(state, Published):
            assert last_word[state.drafted.text_version] == "StoryAgreed"


@given(st.lists(st.sampled_from([drafted, again, agreed, refused, published, withdrawn, given_up]), max_size=10))
def test_any_order_of_events_is_folded(events: list[Event]):
    state = STORY.initial
    for event in events:
        state = STORY.evolve(state, event)
