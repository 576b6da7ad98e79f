"""Any order of events is folded without raising; proofs of the six ones may arrive in any order; every event survives JSON."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.activities.bulletins.bulletin import BULLETIN
from services.activities.calendar.link import LINK
from services.activities.campaigns.campaign import CAMPAIGN
from services.activities.certificates.certificate import CERTIFICATE
from services.activities.checklists.definition import DEFINITION
from services.activities.checklists.progress import PROGRESS
from services.activities.checklists.six_ones import CHECKLIST, CompleteChecklistItem, WithdrawEvidence
from services.activities.complaints.complaint import COMPLAINT
from services.activities.gatherings.activity import ACTIVITY
from services.activities.members.retention import RETENTION
from services.activities.modules.module import MODULE
from services.activities.needs.need import NEED
from services.activities.neighbourhoods.area import AREA
from services.activities.neighbourhoods.household_group import GROUP
from services.activities.pairings.pairing import PAIRING
from services.activities.posts.post import SERVICE_POST
from services.activities.registers.affair import AFFAIR
from services.activities.registers.entry import ENTRY
from services.activities.series.series import SERIES
from services.activities.suggestions.matter import MATTER
from services.activities.suggestions.suggestion import SUGGESTION
from services.activities.teams.team import TEAM
from services.activities.time_bank.ledger import LEDGER
from shared.contracts.activities.codes import SixOnesItem
from shared.contracts.activities.community import SixOnesItemCompleted, SixOnesItemReopened
from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from shared.decider import Decider
from tests.activities.given import COMMUNITY, member, some_id

DECIDERS = (
    *(SERVICE_POST, ACTIVITY, TEAM, CHECKLIST, SUGGESTION, MATTER, NEED, SERIES, DEFINITION, PROGRESS, CERTIFICATE),
    *(MODULE, PAIRING, AREA, GROUP, CAMPAIGN, ENTRY, AFFAIR, LEDGER, LINK, COMPLAINT, BULLETIN, RETENTION),
)


@given(st.data())
def test_the_six_ones_do_not_depend_on_the_order_of_news(data: st.DataObject) -> None:
    """Each source sends revisions 1..n (odd: proof, even: fallen); whatever arrives last, its highest revision decides."""
    items = [SixOnesItem.VOLUNTEER_ACTIVITY, SixOnesItem.POLICY_TALK]
    news: list[Any] = []
    expected: dict[SixOnesItem, bool] = dict.fromkeys(items, False)
    for source in range(data.draw(st.integers(1, 4))):
        item, last = data.draw(st.sampled_from(items)), data.draw(st.integers(1, 3))
        expected[item] |= last % 2 == 1
        for revision in range(1, last + 1):
            values = {"member_id": member(1), "community_id": COMMUNITY, "year": 2026, "item": item}
            values |= {"source_event_id": some_id("ab", source * 10 + revision), "source_id": some_id("fb", source)}
            kind = CompleteChecklistItem if revision % 2 else WithdrawEvidence
            news.append(kind(**values, source_revision=revision))
    state = CHECKLIST.initial
    counted: dict[SixOnesItem, Any] = {}
    for command in data.draw(st.permutations(news + news)):
        for event in CHECKLIST.decide(command, state):
            state = CHECKLIST.evolve(state, event)
            match event:
                case SixOnesItemCompleted():
                    assert event.item not in counted
                    counted[event.item] = event.source_event_id
                case SixOnesItemReopened():
                    assert counted.pop(event.item) == event.source_event_id
                case _:
                    pass
    assert {item: item in state.completed for item in items} == expected
    assert {item: item in counted for item in items} == expected


EVENTS = published_events("activities")
for each in EVENTS:
    each.model_rebuild()  # deferred until the first one is seen; hypothesis looks before
st.register_type_strategy(Decimal, st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=0, max_value=10**9))
# What contracts accept (shared/contracts/values.py).
st.register_type_strategy(str, st.text(st.characters(exclude_categories=("C", "Zl", "Zp"))))
st.register_type_strategy(int, st.integers(-1000, 1_000_000))
st.register_type_strategy(type(COMMUNITY), st.builds(lambda number: some_id("aa", number), st.integers(1, 3)))


@pytest.mark.parametrize("decider", DECIDERS, ids=lambda decider: decider.category)
@settings(max_examples=40)
@given(events=st.lists(st.one_of([st.builds(each) for each in EVENTS]), max_size=15))
def test_any_events_in_any_order_are_folded(decider: Decider[Any, Any], events: list[Event]) -> None:
    state = decider.initial
    for event in events:
        state = decider.evolve(state, event)


@settings(max_examples=100)
@given(event=st.one_of([st.builds(each) for each in EVENTS]))
def test_every_event_survives_json(event: Event) -> None:
    assert type(event).model_validate_json(event.model_dump_json()) == event
