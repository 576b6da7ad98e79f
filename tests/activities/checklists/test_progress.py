"""What is done of a checklist: ticked off by somebody else, taken back with a reason."""

from typing import Any

from services.activities.checklists.progress import PROGRESS, ChecklistItemUnknown, ChecklistNotActive, TickItem, UntickItem
from services.activities.refusals import NobodyConfirmsTheirOwn
from shared.contracts.activities.checklists import ChecklistItemTicked, ChecklistItemUnticked
from shared.testing.scenario import Scenario
from tests.activities.checklists.test_definition import CHECKLIST_ID
from tests.activities.given import CLERK, COMMUNITY, member

KEY: dict[str, Any] = {"checklist_id": CHECKLIST_ID, "subject_id": member(1), "community_id": COMMUNITY, "year": 2026, "code": "ITEM_1"}


ticked = ChecklistItemTicked(**KEY, evidence="宣传栏照登", ticked_by=CLERK)


def tick(**changes: Any) -> TickItem:
    known = {"evidence": "宣传栏照登", "ticked_by": CLERK, "is_active": True, "known_codes": frozenset({"ITEM_1"})}
    return TickItem(**{**KEY, **known, **changes})


def test_items_are_ticked_once_and_taken_back_with_a_reason():
    Scenario(PROGRESS).when(tick()).then(ticked)
    Scenario(PROGRESS).given(ticked).when(tick()).then_nothing()
    untick = UntickItem(**KEY, reason="记错人", unticked_by=CLERK)
    taken_back = ChecklistItemUnticked(**KEY, reason="记错人", unticked_by=CLERK)
    Scenario(PROGRESS).given(ticked).when(untick).then(taken_back)
    Scenario(PROGRESS).given(ticked, taken_back).when(untick).then_nothing()


def test_only_items_of_an_active_checklist_and_never_ones_own():
    Scenario(PROGRESS).when(tick(is_active=False)).then_rejected(ChecklistNotActive)
    Scenario(PROGRESS).when(tick(code="ITEM_9")).then_rejected(ChecklistItemUnknown, code="ITEM_9")
    Scenario(PROGRESS).when(tick(ticked_by=str(member(1)))).then_rejected(NobodyConfirmsTheirOwn)
