"""The six ones: an item is done while at least one valid proof supports it."""

from typing import Any

from services.activities.checklists.six_ones import CHECKLIST, CompleteChecklistItem, WithdrawEvidence, checklist_id
from shared.contracts.activities.codes import SixOnesItem
from shared.contracts.activities.community import (
    SixOnesCompleted,
    SixOnesEvidenceAdded,
    SixOnesEvidenceWithdrawn,
    SixOnesItemCompleted,
    SixOnesItemReopened,
)
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, member, some_id


def proof(item: SixOnesItem, source: int, revision: int = 1) -> dict[str, Any]:
    return {
        "member_id": member(1),
        "community_id": COMMUNITY,
        "year": 2026,
        "item": item,
        "source_event_id": some_id("ab", source * 100 + revision),
        "source_id": some_id("fb", source),
        "source_revision": revision,
    }


VOLUNTEER = SixOnesItem.VOLUNTEER_ACTIVITY


def test_the_first_proof_completes_an_item_and_further_ones_are_kept_in_reserve():
    first, second = proof(VOLUNTEER, 1), proof(VOLUNTEER, 2)
    completed = SixOnesItemCompleted(**first)
    Scenario(CHECKLIST).when(CompleteChecklistItem(**first)).then(completed)
    Scenario(CHECKLIST).given(completed).when(CompleteChecklistItem(**first)).then_nothing()
    Scenario(CHECKLIST).given(completed).when(CompleteChecklistItem(**second)).then(SixOnesEvidenceAdded(**second))


def test_a_fallen_proof_reopens_the_item_or_hands_it_to_the_next_one():
    first, second, fallen = proof(VOLUNTEER, 1), proof(VOLUNTEER, 2), proof(VOLUNTEER, 1, revision=2)
    completed, added = SixOnesItemCompleted(**first), SixOnesEvidenceAdded(**second)
    reopened = SixOnesItemReopened(**{**fallen, "source_event_id": first["source_event_id"]})
    Scenario(CHECKLIST).given(completed).when(WithdrawEvidence(**fallen)).then(reopened)
    Scenario(CHECKLIST).given(completed, added).when(WithdrawEvidence(**fallen)).then(reopened, SixOnesItemCompleted(**second))
    spare = proof(VOLUNTEER, 2, revision=2)
    Scenario(CHECKLIST).given(completed, added).when(WithdrawEvidence(**spare)).then(SixOnesEvidenceWithdrawn(**spare))


def test_old_news_about_a_voided_record_change_nothing():
    fallen = SixOnesEvidenceWithdrawn(**proof(VOLUNTEER, 1, revision=2))
    Scenario(CHECKLIST).given(fallen).when(CompleteChecklistItem(**proof(VOLUNTEER, 1))).then_nothing()


def test_the_sixth_item_completes_the_six_ones():
    *five, sixth = (proof(item, number) for number, item in enumerate(SixOnesItem))
    given = [SixOnesItemCompleted(**each) for each in five]
    done = SixOnesCompleted(member_id=member(1), year=2026)
    Scenario(CHECKLIST).given(*given).when(CompleteChecklistItem(**sixth)).then(SixOnesItemCompleted(**sixth), done)


def test_everybody_derives_the_same_checklist():
    assert checklist_id(member(1), 2026) == checklist_id(member(1), 2026)
    assert len({checklist_id(member(n), year) for n in range(3) for year in (2025, 2026)}) == 6
    assert checklist_id(member(1), 2026).version == 8
