"""What a checklist asks for: announced with N items, activated only with exactly N."""

import pytest

from services.activities.checklists.definition import (
    DEFINITION,
    ActivateChecklist,
    ChecklistIsActive,
    ChecklistItemsNotDistinct,
    ChecklistItemsUndefined,
    DeclareChecklist,
    ItemDraft,
    StateItems,
)
from services.activities.refusals import WrongStep
from shared.contracts.activities.checklists import (
    ChecklistActivated,
    ChecklistAudience,
    ChecklistDeclared,
    ChecklistEntry,
    ChecklistItemsStated,
)
from shared.testing.scenario import Scenario
from tests.activities.given import some_id

CHECKLIST_ID = some_id("cd", 1)


# Declared numbers as the campaigns state them, with as many items.
CAMPAIGNS = {
    "四个注重四个着力": 8,
    "五百": 5,
    "三送三增强": 6,
    "三争": 3,
    "四为四满意": 8,
    "四亲自一带头": 5,
    "五个一": 5,
}


def declared(count: int, name: str = "五个一") -> ChecklistDeclared:
    return ChecklistDeclared(
        checklist_id=CHECKLIST_ID, community_id=None, name=name, declared_items=count, audience=ChecklistAudience.MEMBER
    )


def drafts(count: int) -> StateItems:
    return StateItems(items=tuple(ItemDraft(code=f"ITEM_{number}", title=f"第{number}项") for number in range(1, count + 1)))


def stated(count: int) -> ChecklistItemsStated:
    items = tuple(ChecklistEntry(code=f"ITEM_{number}", title=f"第{number}项") for number in range(1, count + 1))
    return ChecklistItemsStated(checklist_id=CHECKLIST_ID, items=items)


activated = ChecklistActivated(checklist_id=CHECKLIST_ID)


@pytest.mark.parametrize(("name", "count"), CAMPAIGNS.items())
def test_ac_13_as_many_items_as_declared_can_be_activated(name: str, count: int):
    announce = DeclareChecklist(checklist_id=CHECKLIST_ID, name=name, declared_items=count)
    Scenario(DEFINITION).when(announce).then(declared(count, name))
    Scenario(DEFINITION).given(declared(count)).when(drafts(count)).then(stated(count))
    Scenario(DEFINITION).given(declared(count), stated(count)).when(ActivateChecklist()).then(activated)


@pytest.mark.parametrize("count", [8, 7])
def test_ac_14_a_checklist_without_its_items_cannot_be_activated(count: int):
    refused = Scenario(DEFINITION).given(declared(count)).when(ActivateChecklist())
    refused.then_rejected(ChecklistItemsUndefined, declared=count, stated=0)
    for other in (count - 1, count + 1):
        too = Scenario(DEFINITION).given(declared(count), stated(other)).when(ActivateChecklist())
        too.then_rejected(ChecklistItemsUndefined, stated=other)


def test_an_active_checklist_changes_no_more():
    active = Scenario(DEFINITION).given(declared(5), stated(5), activated)
    active.when(drafts(4)).then_rejected(ChecklistIsActive)
    active.when(ActivateChecklist()).then_nothing()
    twice = StateItems(items=drafts(2).items * 2)
    Scenario(DEFINITION).given(declared(5)).when(twice).then_rejected(ChecklistItemsNotDistinct)
    Scenario(DEFINITION).when(drafts(5)).then_rejected(WrongStep)
