"""After a merge of two entries of one person everything that the one had is the other's: in every list, in the copy, in every table."""

from datetime import timedelta
from typing import Any

import pytest

from ops.provision import Database
from services.activities.app import FEATURES, SERVICE
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.eventlog.rebuild import rebuild
from shared.feature import member_rows
from shared.member_rows import MemberRows
from tests.activities.bulletins.test_names_api import ANSWER, WANTED
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, UNIT, member

FOLLOWING = tuple(rows for rows in member_rows(FEATURES) if not rows.unmoved)
OLD, NEW = 1, 2
OWN = {"community_id": str(COMMUNITY)}
ITEM = {**OWN, "year": 2026, "code": "BOX", "evidence": "居委会门口"}


async def everything(district: District, number: int) -> None:
    """One of each kind of thing that a member can have; both entries may have it."""
    own = district.member(number)
    await district.switch_on("TIME_BANK", "guarantor", "expiry", "transfer", "exit")
    post_id = await district.open_post(is_time_banked=True)
    await district.claim(post_id, number)
    activity_id = await district.open_activity(post_id=post_id)
    await district.post(f"/activities/{activity_id}/sign-ups", own, 201)
    district.service.now += timedelta(days=3)
    await district.log(activity_id, number, duty_units=1)
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    await district.service.settled()
    draft = {**OWN, "title": "加装路灯", "text": "三号楼后巷昏暗"}
    suggestion = (await district.post("/suggestions", own, 201, **draft))["result"]["suggestion_id"]
    await district.post(f"/suggestions/{suggestion}/accept", district.clerk)
    await district.post("/matters", own, 201, **draft)
    await district.post("/needs", own, 201, **OWN, category="GREENING", text="补种绿篱", place="二号楼")
    await district.post("/complaints", own, 201, kind="REPEATED_ENTRY", about="COMMUNITY", text="同一表格填了三次")
    await district.post("/me/calendar-links", own, 201)
    certificate = {**OWN, "member_id": str(member(number)), "period_start": "2026-01-01", "period_end": "2026-12-31"}
    await district.post(f"/communities/{COMMUNITY}/time-redemptions", own, 201, minutes=30, purpose="陪同就医")
    await district.post("/certificates", district.secretary, 201, **certificate)
    await district.post("/bulletin-names", district.clerk, 201, **WANTED)
    await district.post(ANSWER, own, may_be_named=True)
    group = (await district.post("/household-groups", district.clerk, 201, **OWN, name=f"{number}单元", homes=12))["result"]["group_id"]
    await district.post(f"/household-groups/{group}/leader", own)
    await district.service.settled()


async def shared_things(district: District, number: int, made: dict[str, str]) -> None:
    """What both entries may have a part in: a team, a pairing, a campaign, a programme's checklist. `made` keeps the ids for the second."""
    own, who = district.member(number), {"member_id": str(member(number))}
    if not made:
        made["team"] = (await district.post("/teams", district.clerk, 201, **OWN, kind="OTHER", name="邻里队"))["result"]["team_id"]
        term = {"term_start": "2026-01-01", "term_end": "2026-12-31", "review_by": "2026-03-31"}
        pairing = {**OWN, "recipient_type": "ELDERLY", "goal": "陪伴", "helpers_wanted": 2, **term}
        made["pairing"] = (await district.post("/pairings", district.clerk, 201, **pairing))["result"]["pairing_id"]
        campaign = {**OWN, "title": "三个一", "kinds": ["GOODS"], "first_day": "2026-01-01", "last_day": "2026-12-31"}
        made["campaign"] = (await district.post("/campaigns", district.clerk, 201, **campaign))["result"]["campaign_id"]
        programme = (await district.post("/checklists", district.admin, 201, name="五个一", declared_items=1))["result"]
        made["checklist"] = programme["checklist_id"]
        await district.post(f"/checklists/{made['checklist']}/items", district.admin, items=[{"code": "BOX", "title": "一只联系箱"}])
        await district.post(f"/checklists/{made['checklist']}/activate", district.admin)
    await district.post(f"/teams/{made['team']}/join", own)
    await district.post(f"/pairings/{made['pairing']}/join", own)
    book = {"kind": "GOODS", "quantity": "1", "unit": "本"}
    await district.post(f"/campaigns/{made['campaign']}/contributions", district.clerk, 201, **book, **who)
    await district.post(f"/checklists/{made['checklist']}/tick", district.clerk, **ITEM, subject_id=who["member_id"])


Rows = dict[str, list[dict[str, Any]]]


async def rows_of(district: District, number: int) -> Rows:
    """Rows of the read model about one entry, by declared place; the entry is called somebody."""
    found: Rows = {}
    async with district.service.parts.database.district(district.service.district, readonly=True) as tx:
        for each in FOLLOWING:
            select = f"SELECT to_jsonb(t) AS row FROM {each.table} t WHERE district = $1 AND {each.column} = $2 ORDER BY 1"
            rows = await tx.fetch(select, district.service.district, member(number))
            found[place(each)] = [row["row"] | {each.column: "somebody"} for row in rows]
    return found


def place(rows: MemberRows) -> str:
    return f"{rows.table}.{rows.column}"


def keys(rows: MemberRows, found: Rows) -> set[tuple[Any, ...]]:
    """What tells two rows apart: the stream where an entry has one row in each, the item where rows are carried over, the whole row."""
    columns = (rows.stream,) if rows.is_key else KEYS.get(rows.table)
    return {tuple(str(row[column]) for column in columns or row) for row in found[place(rows)]}


KEYS = {"checklist_items": ("year", "item"), "checklist_progress": ("checklist_id", "year", "code")}


@pytest.mark.parametrize("both", [False, True], ids=["the survivor has nothing", "both have all of it"])
async def test_everything_that_the_one_entry_had_is_the_others(district: District, database: Database, both: bool) -> None:
    made: dict[str, str] = {}
    for number in (NEW, OLD) if both else (OLD,):
        await everything(district, number)
        await shared_things(district, number, made)
    await district.service.settled()
    old, new = await rows_of(district, OLD), await rows_of(district, NEW)
    nothing = [name for name, rows in old.items() if not rows]
    assert not nothing, f"give the member something in {nothing} above: what no test has, no test follows"
    district.service.foreign(MemberIdentitiesMerged(member_id=member(OLD), into_member_id=member(NEW), unit_id=UNIT, reason="重复登记"))
    await district.service.settled()
    after, left = await rows_of(district, NEW), await rows_of(district, OLD)
    for each in FOLLOWING:
        assert keys(each, after) == keys(each, old) | keys(each, new), f"{place(each)} is not all there"
        assert not left[place(each)] or each.table == "checklist_items", f"{place(each)} still names the other entry"
    copy = (await district.get("/me/copy", district.member(NEW)))["tables"]
    for each in FOLLOWING:
        copied = [row | {each.column: "somebody"} for row in copy[each.table]]
        assert all({name: value for name, value in row.items() if name != "district"} in copied for row in after[place(each)]), place(each)
    assert len(await district.get("/me/contributions", district.member(NEW))) == 1 + both
    assert await district.get("/me/contributions", district.member(OLD)) == []
    assert (
        await rebuild(
            SERVICE.read_model(),
            district.service.feeds,
            owner_url=database.url("activities_owner"),
            service_url=database.url("activities"),
            swap=False,
        )
    ).is_equal
