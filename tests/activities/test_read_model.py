"""The read model is a function of the log: one by one or in batches, live or rebuilt."""

from dataclasses import dataclass, replace
from datetime import timedelta

from ops.provision import Database
from services.activities.app import SERVICE
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.contracts.registration.members import MemberProfileUpdated
from shared.contracts.service_preference import PostCategory, ServicePreference, ServiceTime
from shared.eventlog.feeds import Source
from shared.eventlog.log import Mark, Page
from shared.eventlog.rebuild import rebuild
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, UNIT, member


@dataclass
class OneByOne:
    """A feed that hands out single events."""

    feed: Source

    async def heads(self, service: str) -> dict[str, Mark]:
        return await self.feed.heads(service)

    async def read(self, service: str, district: str, after: int, limit: int) -> Page:
        return await self.feed.read(service, district, after, min(limit, 1))


async def a_year(district: District) -> None:
    """A bit of everything."""
    willing = ServicePreference(kinds=(PostCategory.CULTURE,), times=(ServiceTime.HOLIDAY,), times_per_month=2)
    district.service.foreign(MemberProfileUpdated(member_id=member(1), skills=("急救",), preferences=("下棋",), willingness=willing))
    await district.switch_on("TIME_BANK", "guarantor", "expiry", "transfer", "exit")
    post_id = await district.open_post(is_time_banked=True)
    claims = [await district.claim(post_id, number) for number in (1, 2, 3)]
    await district.post(f"/posts/{post_id}/claims/{claims[0]['claim_id']}/confirm", district.secretary)
    await district.post(f"/posts/{post_id}/claims/{claims[1]['claim_id']}/release", district.member(2), reason="CARE")
    team = {"community_id": str(COMMUNITY), "kind": "SUBSTITUTE_PARENTS", "name": "代理家长队"}
    team_id = (await district.post("/teams", district.clerk, 201, **team))["result"]["team_id"]
    for number in (1, 2):
        await district.post(f"/teams/{team_id}/join", district.member(number))
    await district.post(f"/teams/{team_id}/leave", district.member(1))
    activity_id = await district.open_activity(post_id=post_id)
    await district.post(f"/activities/{activity_id}/sign-ups", district.member(3), 201)
    await district.post(f"/activities/{activity_id}/leave", district.member(3), 201, reason_code="WORK")
    district.service.now += timedelta(days=3)
    await district.post(
        f"/activities/{activity_id}/attendance", district.clerk, entries=[{"member_id": str(member(3)), "attendance": "EXCUSED"}]
    )
    await district.log(activity_id, 1, 2, duty_units=1)
    await district.post(f"/activities/{activity_id}/confirm", district.secretary)
    await district.service.settled()
    draft = {"community_id": str(COMMUNITY), "title": "加装路灯", "text": "三号楼后巷昏暗"}
    suggestion = (await district.post("/suggestions", district.member(1), 201, **draft))["result"]["suggestion_id"]
    await district.post(f"/suggestions/{suggestion}/accept", district.clerk)
    await district.post("/matters", district.member(1), 201, **draft)
    need = {"community_id": str(COMMUNITY), "category": "GREENING", "text": "补种绿篱", "place": "二号楼"}
    heard = [(await district.post("/needs", district.member(3), 201, **need))["result"]["need_id"] for _ in range(3)]
    await district.post(f"/needs/{heard[0]}/publish", district.clerk, text="想补种绿篱")
    await district.post(f"/needs/{heard[1]}/return", district.clerk, reason_code="DUPLICATE", reason="已有记录")
    await neighbours(district)
    await registers(district)
    spent = {"minutes": 30, "purpose": "陪同就医"}
    await district.post(f"/communities/{COMMUNITY}/time-redemptions", district.member(1), 201, **spent)
    certificate = {"member_id": str(member(1)), "community_id": str(COMMUNITY), "period_start": "2026-01-01", "period_end": "2026-12-31"}
    issued = (await district.post("/certificates", district.secretary, 201, **certificate))["result"]["certificate_id"]
    for number in (1, 2):
        objection = {"ground": "OTHER", "reason": "时间有误"}
        raised = (await district.post(f"/certificates/{issued}/objections", district.member(number), 201, **objection))["result"]
    await district.post(f"/certificates/{issued}/objections/{raised['objection_id']}/dismiss", district.clerk, reason="核对无误")
    await district.post(f"/certificates/{issued}/revoke", district.secretary, reason="记录有误")
    announced = (await district.post("/checklists", district.admin, 201, name="五个一", declared_items=1))["result"]["checklist_id"]
    await district.post(f"/checklists/{announced}/items", district.admin, items=[{"code": "BOX", "title": "一只联系箱"}])
    await district.post(f"/checklists/{announced}/activate", district.admin)
    item = {"subject_id": str(member(1)), "community_id": str(COMMUNITY), "year": 2026, "code": "BOX", "evidence": "居委会门口"}
    await district.post(f"/checklists/{announced}/tick", district.clerk, **item)
    await district.service.settled()
    district.service.foreign(MemberIdentitiesMerged(member_id=member(3), into_member_id=member(4), unit_id=UNIT, reason="重复登记"))
    await district.service.settled()


async def neighbours(district: District) -> None:
    """An area, a household group, a pairing with minors."""
    area = {"community_id": str(COMMUNITY), "size": "BUILDING", "name": "三号楼", "homes": 48}
    area_id = (await district.post("/areas", district.clerk, 201, **area))["result"]["area_id"]
    group = {"community_id": str(COMMUNITY), "name": "一单元", "homes": 12, "area_id": area_id}
    group_id = (await district.post("/household-groups", district.clerk, 201, **group))["result"]["group_id"]
    await district.post(f"/household-groups/{group_id}/leader", district.member(1))
    await district.switch_on("WORK_WITH_MINORS", "responsible", "vetting", "consent")
    pairing = {"community_id": str(COMMUNITY), "recipient_type": "CHILDREN", "goal": "陪读"}
    pairing |= {"term_start": "2026-01-01", "term_end": "2026-12-31", "review_by": "2026-03-31"}
    pairing_id = (await district.post("/pairings", district.clerk, 201, **pairing))["result"]["pairing_id"]
    for number in (1, 2):
        await district.post(f"/pairings/{pairing_id}/join", district.member(number))
    await district.post(f"/pairings/{pairing_id}/parental-consent", district.clerk, is_given=True)
    both = [str(member(1)), str(member(2))]
    await district.post(f"/pairings/{pairing_id}/visits", district.clerk, 201, visited_on="2026-01-08", member_ids=both)
    await district.post(f"/pairings/{pairing_id}/leave", district.member(2), reason="CARE")


async def registers(district: District) -> None:
    """A campaign, an affair, a venue."""
    own = {"community_id": str(COMMUNITY)}
    asked = {**own, "title": "三个一", "kinds": ["GOODS"], "first_day": "2026-01-01", "last_day": "2026-12-31"}
    campaign = (await district.post("/campaigns", district.clerk, 201, **asked))["result"]["campaign_id"]
    book = {"kind": "GOODS", "quantity": "1", "unit": "本"}
    await district.post(f"/campaigns/{campaign}/contributions", district.clerk, 201, **book)
    entry = (await district.post(f"/campaigns/{campaign}/contributions", district.clerk, 201, **book))["result"]
    await district.post(f"/campaigns/{campaign}/contributions/{entry['contribution_id']}/cancel", district.clerk, reason="退回")
    await district.post(f"/campaigns/{campaign}/uses", district.clerk, 201, **book, purpose="图书角")
    stage = {"text": "拟修缮路面", "responsible": "居委会主任"}
    affair = (await district.post("/open-affairs", district.secretary, 201, **own, **stage, subject="修缮路面"))["result"]["affair_id"]
    await district.post(f"/open-affairs/{affair}/stages", district.secretary, 201, stage="DURING", **stage)
    venue = (await district.post("/venues", district.clerk, 201, **own, name="活动室", used_for="学习"))["result"]["entry_id"]
    await district.post(f"/register/{venue}/close", district.clerk, reason="改建")


async def test_rebuilt_one_by_one_or_in_batches_it_is_the_same(district: District, database: Database) -> None:
    await a_year(district)
    owner, role = database.url("activities_owner"), database.url("activities")
    batched = await rebuild(SERVICE.read_model(), district.service.feeds, owner_url=owner, service_url=role, swap=False)
    single = await rebuild(SERVICE.read_model(), OneByOne(district.service.feeds), owner_url=owner, service_url=role, swap=False)
    # Whichever service's events arrive first, the rows are the same.
    own_first = replace(SERVICE.read_model(), sources=("activities", "registration"))
    reordered = await rebuild(own_first, district.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert batched.is_equal
    assert single.is_equal
    assert reordered.is_equal
    assert batched.events >= 40
