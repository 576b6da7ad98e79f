"""Checklists besides the six ones: announced with N items, activated only with exactly N, ticked off by somebody else."""

from typing import Any

import pytest

from services.activities import errors
from services.activities.checklists.programme import (
    DEFINITION,
    PROGRESS,
    ActivateChecklist,
    DeclareChecklist,
    ItemDraft,
    StateItems,
    TickItem,
    UntickItem,
)
from shared.contracts.activities import (
    ChecklistActivated,
    ChecklistAudience,
    ChecklistDeclared,
    ChecklistEntry,
    ChecklistItemsStated,
    ChecklistItemTicked,
    ChecklistItemUnticked,
)
from shared.testing.scenario import Scenario
from tests.activities.conftest import District
from tests.activities.given import CLERK, COMMUNITY, OTHER_COMMUNITY, member, some_id

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
    refused.then_rejected(errors.ChecklistItemsUndefined, declared=count, stated=0)
    for other in (count - 1, count + 1):
        too = Scenario(DEFINITION).given(declared(count), stated(other)).when(ActivateChecklist())
        too.then_rejected(errors.ChecklistItemsUndefined, stated=other)


def test_an_active_checklist_changes_no_more():
    active = Scenario(DEFINITION).given(declared(5), stated(5), activated)
    active.when(drafts(4)).then_rejected(errors.ChecklistIsActive)
    active.when(ActivateChecklist()).then_nothing()
    twice = StateItems(items=drafts(2).items * 2)
    Scenario(DEFINITION).given(declared(5)).when(twice).then_rejected(errors.ChecklistItemsNotDistinct)
    Scenario(DEFINITION).when(drafts(5)).then_rejected(errors.WrongStep)


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
    Scenario(PROGRESS).when(tick(is_active=False)).then_rejected(errors.ChecklistNotActive)
    Scenario(PROGRESS).when(tick(code="ITEM_9")).then_rejected(errors.ChecklistItemUnknown, code="ITEM_9")
    Scenario(PROGRESS).when(tick(ticked_by=str(member(1)))).then_rejected(errors.NobodyConfirmsTheirOwn)


async def test_a_checklist_from_announcement_to_progress(district: District) -> None:
    draft = {"name": "五个一", "declared_items": 2}
    await district.post("/checklists", district.secretary, 403, **draft)
    checklist_id = (await district.post("/checklists", district.admin, 201, **draft))["result"]["checklist_id"]
    path = f"/checklists/{checklist_id}"
    assert (await district.post(f"{path}/activate", district.admin, 409))["code"] == "checklist_items_undefined"
    items = [{"code": "BOARD", "title": "一块告示板"}, {"code": "BOX", "title": "一只联系箱"}]
    await district.post(f"{path}/items", district.secretary, 403, items=items)
    await district.post(f"{path}/items", district.admin, items=items)
    item = {"subject_id": str(member(1)), "community_id": str(COMMUNITY), "year": 2026, "code": "BOARD", "evidence": "居委会门口"}
    assert (await district.post(f"{path}/tick", district.clerk, 409, **item))["code"] == "checklist_not_active"
    await district.post(f"{path}/activate", district.admin)
    await district.post(f"{path}/tick", district.clerk, **item)
    await district.post(f"{path}/tick", district.elsewhere, 403, **item)
    await district.post(f"{path}/tick", district.elsewhere, 403, **item | {"community_id": str(OTHER_COMMUNITY)})
    progress = await district.get(f"{path}/progress/{member(1)}", district.member(1), year=2026)
    assert ([each["code"] for each in progress["done"]], progress["missing"]) == (["BOARD"], ["BOX"])
    await district.get(f"{path}/progress/{member(1)}", district.member(2), 404)
    listed = (await district.get("/checklists", district.member(1)))["items"]
    assert [(each["name"], each["declared_items"], len(each["items"])) for each in listed] == [("六个一", 6, 6), ("五个一", 2, 2)]
    untick = {name: value for name, value in item.items() if name != "evidence"} | {"reason": "记错人"}
    await district.post(f"{path}/untick", district.clerk, **untick)
    assert (await district.get(f"{path}/progress/{member(1)}", district.member(1), year=2026))["done"] == []
