"""The tree over HTTP: what belongs to a community, what it tells members, who is what, who acts for whom, and the district's programme."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from ops.demo import make_roster
from ops.provision import Database
from services.registration.app import SERVICE
from services.registration.programmes import papers as programme_papers
from services.registration.programmes.papers import Paper
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"
TODAY = NEW_YEAR.date()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def post(town: Town, path: str, as_: str, expected: int = 200, **body: object) -> dict[str, Any]:
    answer = await town.service.post(path, json=body, as_=as_)
    assert answer.status_code == expected, answer.text
    await town.service.settled()
    return answer.json()


async def get(town: Town, path: str, as_: str, **params: str) -> Any:
    answer = await town.service.get(path, as_=as_, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_community_with_everything_that_belongs_to_it(town: Town) -> None:
    here = str(town.communities[HERE])
    parts = {
        "BRANCH": "第一党支部",
        "RESIDENTS_COMMITTEE": "新风居委会",
        "WORKSTATION": "新风社区工作站",
        "SERVICE_POINT": "新风便民服务点",
        "MASS_ORGANISATION": "新风社区妇联",
        "ASSOCIATION": "新风在职党员志愿者协会",
    }
    for kind, name in parts.items():
        await town.created({"kind": kind, "name": name, "parent_id": here, "place": "新风路1号"})
    elsewhere = str(town.communities[THERE])
    assert await town.created({"kind": "BRANCH", "name": "第一党支部", "parent_id": elsewhere})
    twice = {"kind": "BRANCH", "name": "第一党支部", "parent_id": here}
    answer = await town.service.post("/organisations", json=twice, as_=town.admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "organisation_name_taken")
    answer = await town.service.post("/organisations", json=twice | {"parent_id": str(uuid4())}, as_=town.admin)
    assert (answer.status_code, answer.json()["code"]) == (409, "organisation_misplaced")
    listed = await get(town, "/organisations", town.clerk(HERE), parent_id=here)
    assert {each["kind"]: each["name"] for each in listed["items"]} == parts
    odd = {"kind": "COMMUNITY", "name": "无型社区", "parent_id": here, "community_type": "奇异型"}
    assert (await town.service.post("/organisations", json=odd, as_=town.admin)).status_code == 422


async def test_a_member_gets_to_know_the_community_in_return(town: Town) -> None:
    here, own = str(town.communities[HERE]), town.clerk(HERE)
    path, reader = f"/communities/{here}/profile", town.member(str(uuid4()))
    told = {"overview": "三栋楼", "network": "党委、居委会、工作站", "difficulties": "停车难", "ongoing_work": "楼道整治"}
    await post(town, path, own, **told)
    await post(town, path, town.clerk(THERE), 403, **told)
    await post(town, f"/communities/{town.units[SCHOOL]}/profile", own, 403, **told)
    honour = await post(town, f"/organisations/{here}/honours", own, 201, level="CITY", title="示范社区", year=2025)
    wrong = await post(town, f"/organisations/{here}/honours", town.admin, 201, level="NATION", title="录错的称号", year=2025)
    await post(town, f"/organisations/{here}/honours/{wrong['result']['honour_id']}/revocation", own, reason="录错")
    await post(town, f"/organisations/{here}/honours", town.liaison(SCHOOL), 403, level="CITY", title="示范社区", year=2025)
    hospital = await town.created({"kind": "PARTNER_UNIT", "name": "云溪区中心医院"})
    for partner in (hospital, str(town.units[SCHOOL])):
        await post(town, f"/communities/{here}/partners", own, 201, partner_id=partner)
    await post(town, f"/communities/{here}/partners/{town.units[SCHOOL]}/departure", own)
    shown = await get(town, path, reader)
    assert {key: shown["introduction"][key] for key in told} == told
    assert [(each["honour_id"], each["title"]) for each in shown["honours"]] == [(honour["result"]["honour_id"], "示范社区")]
    assert [(each["name"], each["joined_on"]) for each in shown["partners"]] == [("云溪区中心医院", TODAY.isoformat())]
    assert (await town.service.get(f"/communities/{town.units[SCHOOL]}/profile", as_=reader)).status_code == 404


async def test_a_responsible_person_is_named_for_a_term(town: Town) -> None:
    path = f"/organisations/{town.communities[THERE]}/offices"
    last = (TODAY + timedelta(days=400)).isoformat()
    named = await post(town, path, town.admin, 201, role="RESPONSIBLE", holder="responsible-1", name="邵清越", ends_on=last)
    try:
        await post(town, path, town.clerk(HERE), 403, role="RESPONSIBLE", holder="responsible-2")
        (seen,) = [each for each in await get(town, path, town.liaison(SCHOOL)) if each["role"] == "RESPONSIBLE"]
        assert (seen["holder"], seen["name"]) == ("responsible-1", "邵清越")
    finally:
        await post(town, f"/offices/{named['result']['office_id']}/end", town.admin, ended_on=(TODAY - timedelta(days=1)).isoformat())
    assert "RESPONSIBLE" not in [each["role"] for each in await get(town, path, town.liaison(SCHOOL))]


async def test_offices_have_a_first_and_a_last_day_and_a_sealed_name(town: Town) -> None:
    service, here = town.service, town.communities[HERE]
    path, name = f"/organisations/{here}/offices", "邵清越"
    body = {"role": "SECRETARY", "holder": "secretary-1", "name": name, "ends_on": (TODAY + timedelta(days=30)).isoformat()}
    await post(town, path, town.clerk(HERE), 403, **body)
    await post(town, path, town.admin, 201, **body, is_part_time=True)
    refused = await post(town, path, town.admin, 409, role="SECRETARY", holder="secretary-2")
    assert refused["code"] == "office_is_taken"
    instructor = await post(town, path, town.admin, 201, role="INSTRUCTOR", holder="instructor-1")
    await post(town, path, town.clerk(HERE), 201, role="CLERK", holder="clerk-2")
    await post(town, path, town.clerk(THERE), 403, role="CLERK", holder="clerk-2")
    await post(town, f"/offices/{instructor['result']['office_id']}/end", town.clerk(HERE), 403)
    await post(town, f"/offices/{instructor['result']['office_id']}/end", town.admin, ended_on=(TODAY - timedelta(days=1)).isoformat())

    async def held(**params: str) -> dict[str, tuple[str | None, str | None]]:
        return {each["holder"]: (each["name"], each["ended_on"]) for each in await get(town, path, town.liaison(SCHOOL), **params)}

    assert await held() == {"secretary-1": (name, None), "clerk-2": (None, None)}
    assert set(await held(past="true")) == {"secretary-1", "clerk-2", "instructor-1"}
    assert name.encode() not in b"".join(event.body for event in await service.log(town.district))
    service.now = NEW_YEAR + timedelta(days=31)
    try:
        await post(town, path, town.clerk(HERE), 201, role="LIAISON", holder="liaison-2")  # time goes on
        ended = (await held(past="true"))["secretary-1"]
        assert ended == (name, (TODAY + timedelta(days=30)).isoformat())
        await post(town, path, town.admin, 201, role="SECRETARY", holder="secretary-2")
        service.now = NEW_YEAR + timedelta(days=31 + 184)
        await post(town, path, town.clerk(HERE), 201, role="CLERK", holder="clerk-3")
        await service.settled()
        assert (await held(past="true"))["secretary-1"][0] is None, "the name is destroyed half a year after the office"
    finally:
        service.now = NEW_YEAR


async def test_a_part_time_secretary_lets_somebody_act_and_both_are_in_the_events(town: Town) -> None:
    service, here = town.service, town.communities[HERE]
    secretary = service.token(Role.COMMUNITY_SECRETARY, subject="secretary-9", organisations=[here], district=town.district)
    colleague = service.token(Role.UNIT_LIAISON, subject="colleague", organisations=[town.units[SCHOOL]], district=town.district)
    member_id, number = await town.certified(SCHOOL, HERE)
    report = {"certificate_no": number, "consent_text_version": "2026-01"}
    registration_id = (await post(town, "/registrations", town.member(member_id), 201, **report))["result"]["registration_id"]
    confirm, acting = f"/registrations/{registration_id}/confirmation", {"Guangcai-Acting-For": "secretary-9"}
    assert (await service.post(confirm, as_=colleague, headers=acting)).status_code == 403

    path, last = f"/organisations/{here}/delegations", (TODAY + timedelta(days=30)).isoformat()
    body = {"delegate": "colleague", "ends_on": last, "reason": "兼职,工作日由同事代办"}
    await post(town, path, town.clerk(THERE), 403, **body)
    granted = await post(town, path, secretary, 201, **body)
    assert [each["delegate"] for each in await get(town, "/delegations", colleague)] == ["colleague"]
    await town.service.settled()
    assert (await service.post(confirm, as_=colleague)).status_code == 403, "only who says so acts for somebody"
    assert (await service.post(path, json=body | {"delegate": "third"}, as_=colleague, headers=acting)).json()[
        "code"
    ] == "delegation_not_passed_on"
    elsewhere = await service.get(f"/communities/{town.communities[THERE]}/register", as_=colleague, headers=acting)
    assert elsewhere.status_code == 403
    done = await service.post(confirm, as_=colleague, headers=acting)
    assert done.status_code == 200, done.text
    (event,) = [each for each in await service.log(town.district) if str(each.id) == done.json()["event_ids"][0]]
    assert (event.actor, event.on_behalf_of) == ("colleague", "secretary-9")

    service.now = NEW_YEAR + timedelta(days=31)
    try:
        late = await service.get(f"/communities/{here}/register", as_=colleague, headers=acting)
        assert late.status_code == 403, "the last day is over"
    finally:
        service.now = NEW_YEAR
    await post(town, f"/delegations/{granted['result']['delegation_id']}/end", town.clerk(THERE), 403)
    await post(town, f"/delegations/{granted['result']['delegation_id']}/end", secretary)
    assert (await service.get(f"/communities/{here}/register", as_=colleague, headers=acting)).status_code == 403


async def test_the_programme_says_by_which_document_in_which_words_and_what_is_printed(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    service, papers = town.service, list[Paper]()

    def keep(paper: Paper) -> bytes:
        papers.append(paper)
        return b"%PDF-"

    monkeypatch.setattr(programme_papers, "printed_paper", keep)
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    own = town.member(member_id)
    await service.get(f"/registrations/{registration_id}/form.pdf", as_=own)
    body = {
        "name": "光彩在家园",
        "legal_basis": "云溪区委组织部〔2026〕1号",
        "starts_on": TODAY.isoformat(),
        "vocabulary": {"form": "报到登记卡", "community": "居住地党组织"},
        "forms": {"form": ["community", "name"]},
    }
    assert (await service.get("/programmes/current", as_=own)).status_code == 404
    await post(town, "/programmes", town.clerk(HERE), 403, **body)
    programme_id = (await post(town, "/programmes", town.admin, 201, **body))["result"]["programme_id"]
    assert (await get(town, "/programmes/current", own))["legal_basis"] == "云溪区委组织部〔2026〕1号"
    await service.get(f"/registrations/{registration_id}/form.pdf", as_=own)
    await post(town, f"/programmes/{programme_id}/amendment", town.admin, **body | {"ends_on": TODAY.isoformat(), "forms": {}})
    await service.get(f"/members/{member_id}/file.pdf", as_=own)
    before, after, file = papers
    assert (before.title, len(before.lines)) == ("在职党员进社区报到登记表", 10)
    assert (after.title, list(after.lines)) == ("报到登记卡", [("居住地党组织", HERE), ("姓名", "郑启明")])
    assert dict(file.lines)["报到经历"] == f"{TODAY} {HERE} 已确认"
    for stranger in (town.clerk(THERE), town.liaison(BUREAU)):
        assert (await service.get(f"/members/{member_id}/file.pdf", as_=stranger)).status_code == 403


async def test_a_renamed_unit_is_found_by_both_names_and_papers_carry_the_new_one(service: ServiceUnderTest) -> None:
    town = await new_town(service, "renaming")
    path, new = f"/organisations/{town.units[SCHOOL]}/name", "云溪区育光学校"
    await post(town, path, town.liaison(SCHOOL), 403, name=new)
    await post(town, f"/organisations/{uuid4()}/name", town.admin, 404, name=new)
    await post(town, path, town.admin, 422, name="光")
    taken = await post(town, path, town.admin, 409, name=BUREAU)
    assert taken["code"] == "organisation_name_taken"
    await post(town, path, town.admin, name=new)
    for known in ("育光小学", "育光学校"):
        (found,) = (await get(town, "/organisations", town.admin, kind="WORK_UNIT", name=known))["items"]
        assert (found["name"], found["former_names"]) == (new, [SCHOOL])
    twice = {"kind": "WORK_UNIT", "name": SCHOOL, "occupation_group": "TEACHER"}
    assert (await town.service.post("/organisations", json=twice, as_=town.admin)).status_code == 409
    await town.send_roster(make_roster.ROSTER.read_bytes())  # which says what the school was called
    members = await get(town, f"/units/{town.units[SCHOOL]}/members", town.liaison(SCHOOL))
    assert len(members["items"]) > 5
    member_id = members["items"][0]["member_id"]
    own = await get(town, f"/members/{member_id}", town.member(member_id))
    assert own["unit"]["name"] == new


async def test_an_organisation_is_dissolved_when_nothing_hangs_on_it_any_more(service: ServiceUnderTest) -> None:
    town = await new_town(service, "dissolving")
    unit, here = f"/organisations/{town.units[SCHOOL]}", f"/organisations/{town.communities[HERE]}"
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    why = {"reason": "机构改革撤并"}
    await post(town, f"{unit}/dissolution", town.liaison(SCHOOL), 403, **why)
    await post(town, f"/organisations/{uuid4()}/dissolution", town.admin, 404, **why)
    assert (await post(town, f"{unit}/dissolution", town.admin, 409, **why))["facts"] == {"members": 1, "registrations": 1}
    assert (await post(town, f"{here}/dissolution", town.admin, 409, **why))["facts"] == {"registrations": 1}
    branch = await town.created({"kind": "BRANCH", "name": "第一党支部", "parent_id": str(town.communities[HERE])})
    await post(town, f"/registrations/{registration_id}/closure", town.clerk(HERE), reason="MOVED")
    assert (await post(town, f"{here}/dissolution", town.admin, 409, **why))["facts"] == {"organisations": 1}
    await post(town, f"/organisations/{branch}/dissolution", town.admin, **why)
    await post(town, f"{here}/dissolution", town.admin, **why)
    await post(town, f"{here}/dissolution", town.admin, **why)
    await post(town, f"/members/{member_id}/work-unit", town.admin, unit_id=str(town.units[BUREAU]))
    await post(town, f"{unit}/dissolution", town.admin, **why)
    living = (await get(town, "/organisations", town.admin, limit="500"))["items"]
    assert not {SCHOOL, HERE} & {each["name"] for each in living}
    (gone,) = (await get(town, "/organisations", town.admin, name=HERE, dissolved="true"))["items"]
    assert gone["dissolved_on"] == TODAY.isoformat()
    report = await get(town, "/reports/registrants", town.admin)
    assert HERE not in {each["name"] for each in report["by_community"]}
    assert (await post(town, f"{here}/name", town.admin, 409, name="新名字社区"))["code"] == "organisation_is_dissolved"
    certificate = {"member_id": member_id, "community_id": str(town.communities[HERE])}
    await post(town, "/certificates", town.liaison(BUREAU), 404, **certificate)
    await post(
        town, f"/units/{town.units[SCHOOL]}/members", town.liaison(SCHOOL), 404, name="林予安", political_status="01", phone="10000012345"
    )
    assert await town.created({"kind": "WORK_UNIT", "name": SCHOOL, "occupation_group": "TEACHER"})


async def test_the_read_model_of_all_that_is_a_function_of_the_log(town: Town, database: Database) -> None:
    await town.service.settled()
    told = {event.name for place in (town.district, "renaming", "dissolving") for event in await town.service.log(place)}
    assert told >= {
        "OrganisationHonoured",
        "HonourRevoked",
        "PartnerUnitJoined",
        "PartnerUnitLeft",
        "CommunityIntroduced",
        "OfficeAssigned",
        "OfficeEnded",
        "DelegationGranted",
        "DelegationEnded",
        "ProgrammeAnnounced",
        "ProgrammeAmended",
        "OrganisationRenamed",
        "OrganisationDissolved",
    }
    owner, role = database.url("registration_owner"), database.url("registration")
    rebuilt = await rebuild(SERVICE.read_model(), town.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert rebuilt.is_equal
