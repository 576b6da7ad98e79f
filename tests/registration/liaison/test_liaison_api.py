"""联系工作制度: units and communities write down their contacts once, both read them, and nobody is ranked by them."""

import io
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest_asyncio
from python_calamine import CalamineWorkbook

from ops.provision import Database
from services.registration.app import SERVICE
from shared.calendar.quarters import days_of_quarter
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"
TODAY = NEW_YEAR.date()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "liaising")


async def post(town: Town, path: str, as_: str, expected: int = 200, **body: object) -> dict[str, Any]:
    answer = await town.service.post(path, json=body, as_=as_)
    assert answer.status_code == expected, answer.text
    await town.service.settled()
    return answer.json()


async def get(town: Town, path: str, as_: str, expected: int = 200, **params: object) -> Any:
    answer = await town.service.get(path, as_=as_, params=params)
    assert answer.status_code == expected, answer.text
    return answer.json()


def of_unit(town: Town, unit: str = SCHOOL) -> str:
    return f"/units/{town.units[unit]}/liaison-contacts"


def of_community(town: Town, community: str = HERE) -> str:
    return f"/communities/{town.communities[community]}/liaison-contacts"


async def test_either_side_records_and_the_other_sees_it_and_takes_note(town: Town) -> None:
    unit, community = town.liaison(SCHOOL), town.clerk(HERE)
    visit = {"kind": "VISIT", "subject": "POSTS", "matter": "商量下半年岗位"}
    ours = await post(town, of_unit(town), unit, 201, **visit, community_id=str(town.communities[HERE]))
    letter = {"kind": "LETTER", "subject": "RECEIPTS", "held_on": (TODAY - timedelta(days=3)).isoformat()}
    theirs = await post(town, of_community(town), community, 201, **letter, unit_id=str(town.units[SCHOOL]))
    first, second = (f"/liaison-contacts/{each['result']['contact_id']}" for each in (ours, theirs))
    await post(town, f"{first}/acknowledgement", unit, 403)
    await post(town, f"{first}/acknowledgement", town.clerk(THERE), 403)
    await post(town, f"{first}/acknowledgement", community)
    assert (await post(town, f"{first}/acknowledgement", community))["event_ids"] == []
    await post(town, f"{second}/withdrawal", unit, 403, reason="不是我方登记")
    await post(town, f"{second}/withdrawal", community, 422)
    await post(town, f"{second}/withdrawal", community, reason="日期写错")
    assert (await post(town, f"{second}/acknowledgement", unit, 409))["code"] == "liaison_contact_is_withdrawn"
    seen = (await get(town, of_unit(town), unit))["items"]
    assert seen == (await get(town, of_community(town), community))["items"]
    assert [(each["kind"], each["recorded_by"], each["matter"], each["reason"]) for each in seen] == [
        ("VISIT", "UNIT", "商量下半年岗位", None),
        ("LETTER", "COMMUNITY", "", "日期写错"),
    ]
    assert [bool(each["acknowledged_at"]) for each in seen] == [True, False]
    workbook = await town.service.get(f"{of_unit(town)}.xlsx", as_=unit)
    with CalamineWorkbook.from_filelike(io.BytesIO(workbook.content)) as book:
        _, _, head, line, *_ = book.get_sheet_by_index(0).to_python()
    row = dict(zip(head, line, strict=True))
    assert {name: row[name] for name in ("报到社区", "类别", "事由", "登记方")} == {
        "报到社区": HERE,
        "类别": "走访",
        "事由": "岗位",
        "登记方": "单位",
    }
    for stranger in (town.liaison(BUREAU), town.clerk(THERE), town.admin):
        await get(town, of_unit(town), stranger, 403)
        await get(town, of_community(town), stranger, 403)


async def test_who_acts_for_both_sides_does_not_take_note_of_the_own_record(town: Town) -> None:
    both = town.service.token(
        Role.UNIT_LIAISON,
        Role.COMMUNITY_CLERK,
        subject="both",
        organisations=[town.units[BUREAU], town.communities[THERE]],
        district=town.district,
    )
    call = {"kind": "CALL", "subject": "OTHER", "community_id": str(town.communities[THERE])}
    contact = (await post(town, of_unit(town, BUREAU), both, 201, **call))["result"]["contact_id"]
    assert (await post(town, f"/liaison-contacts/{contact}/acknowledgement", both, 409))["code"] == "recorder_may_not_acknowledge"
    await post(town, f"/liaison-contacts/{contact}/acknowledgement", town.clerk(THERE))


async def test_what_is_no_contact_of_these_two_is_refused(town: Town) -> None:
    unit, here = town.liaison(SCHOOL), str(town.communities[HERE])
    good = {"kind": "CALL", "subject": "ROSTER", "community_id": here}
    for broken in (
        {"kind": "DINNER"},
        {"subject": "某人近况"},
        {"matter": "长" * 201},
        {"matter": ["表"]},
        {"held_on": "昨天"},
        {"community_id": "here"},
        {"member_id": str(uuid4())},
    ):
        await post(town, of_unit(town), unit, 422, **good | broken)
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    assert (await post(town, of_unit(town), unit, 409, **good, held_on=tomorrow))["code"] == "liaison_contact_in_future"
    assert (await post(town, of_unit(town), unit, 409, **good, matter="电话13800138000"))["code"] == "number_of_a_person"
    for elsewhere in (uuid4(), town.units[BUREAU]):
        await post(town, of_unit(town), unit, 404, **good | {"community_id": str(elsewhere)})
    await post(town, of_unit(town, BUREAU), unit, 403, **good)
    await post(town, of_unit(town), town.member(str(uuid4())), 403, **good)
    await post(town, f"/liaison-contacts/{uuid4()}/acknowledgement", unit, 404)
    await get(town, of_unit(town), unit, 422, after="x")
    foreign = town.service.token(Role.UNIT_LIAISON, subject="x", organisations=[town.units[SCHOOL]], district="elsewhere")
    assert (await get(town, of_unit(town), foreign))["items"] == []


async def test_contacts_come_in_pages_newest_first(town: Town) -> None:
    unit, there = town.liaison(BUREAU), str(town.communities[HERE])
    days = [TODAY - timedelta(days=back) for back in (30, 10, 20, 10, 40)]
    for day in days:
        await post(town, of_unit(town, BUREAU), unit, 201, kind="CALL", subject="ROSTER", community_id=there, held_on=day.isoformat())
    shown, after = list[str](), dict[str, str]()
    while True:
        page = await get(town, of_unit(town, BUREAU), unit, community_id=there, limit=2, **after)
        shown += [each["held_on"] for each in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert shown == [day.isoformat() for day in sorted(days, reverse=True)]


async def test_street_and_district_read_by_name_who_was_not_visited_in_a_quarter(service: ServiceUnderTest) -> None:
    town = await new_town(service, "visiting")
    for unit, community in ((SCHOOL, HERE), (SCHOOL, THERE), (BUREAU, HERE)):
        await town.registered(unit, community)
    street = service.token(Role.STREET_ADMIN, subject="street", district=town.district)

    async def missing(year: int, quarter: int, **params: object) -> list[tuple[str, str]]:
        shown, after = list[tuple[str, str]](), dict[str, str]()
        while True:
            page = await get(town, "/reports/unvisited", street, year=year, quarter=quarter, **params, **after)
            shown += [(each["unit_name"], each["community_name"]) for each in page["items"]]
            if page["next"] is None:
                return shown
            after = {"after": page["next"]}

    everybody = [(SCHOOL, HERE), (SCHOOL, THERE), (BUREAU, HERE)]
    assert await missing(2026, 1) == sorted(everybody)
    assert await missing(2025, 4) == [], "nobody was registered yet"
    here = str(town.units[SCHOOL])
    visit = await post(town, of_community(town), town.clerk(HERE), 201, kind="VISIT", subject="FEEDBACK", unit_id=here)
    await post(
        town, of_unit(town, BUREAU), town.liaison(BUREAU), 201, kind="CALL", subject="ROSTER", community_id=str(town.communities[HERE])
    )
    assert await missing(2026, 1) == sorted(everybody[1:]), "a visit recorded by either side counts, a call is no visit"
    assert await missing(2026, 1, limit=1) == sorted(everybody[1:])
    assert await missing(2026, 1, street_id=str(uuid4())) == []
    await post(town, f"/liaison-contacts/{visit['result']['contact_id']}/withdrawal", town.clerk(HERE), reason="当日未成行")
    assert await missing(2026, 1) == sorted(everybody)
    answer = await service.get("/reports/unvisited.xlsx", as_=town.admin, params={"year": 2026, "quarter": 1})
    assert answer.status_code == 200
    for params in ({"year": 2026, "quarter": 5}, {"year": 2026, "quarter": 2}, {"year": 2026}, {"year": "x", "quarter": 1}):
        await get(town, "/reports/unvisited", town.admin, 422, **params)
    await get(town, "/reports/unvisited", town.clerk(HERE), 403, year=2026, quarter=1)


async def test_the_log_of_contacts_is_a_function_of_the_log(town: Town, database: Database) -> None:
    await town.service.settled()
    told = {event.name for event in await town.service.log(town.district)}
    assert told >= {"LiaisonContactRecorded", "LiaisonContactAcknowledged", "LiaisonContactWithdrawn"}
    owner, role = database.url("registration_owner"), database.url("registration")
    rebuilt = await rebuild(SERVICE.read_model(), town.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert rebuilt.is_equal


def test_a_quarter_has_its_first_and_its_last_day() -> None:
    assert days_of_quarter(2026, 1) == (date(2026, 1, 1), date(2026, 3, 31))
    assert days_of_quarter(2026, 4) == (date(2026, 10, 1), date(2026, 12, 31))
