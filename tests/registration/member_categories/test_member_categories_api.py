"""六类党员: every partition adds up, nobody is entered twice, and no small count is given away."""

import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest_asyncio
from python_calamine import CalamineWorkbook

from ops.provision import Database
from services.registration.app import SERVICE
from services.registration.programmes.programme import IN_SERVICE, MEMBER_CATEGORIES, TOTAL
from shared.eventlog.rebuild import rebuild
from shared.testing.harness import NEW_YEAR, ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL = "云溪区育光小学"
HERE, THERE = "新风社区", "南园社区"
TODAY = NEW_YEAR.date()

# AC-17: those whose contract ended, laid off, demobilised, retired, residents, staff of organs
DOCUMENT = dict(zip(MEMBER_CATEGORIES, (126, 15, 10, 12, 14, 22), strict=True))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "counting")


async def post(town: Town, path: str, as_: str, expected: int = 200, **body: object) -> dict[str, Any]:
    answer = await town.service.post(path, json=body, as_=as_)
    assert answer.status_code == expected, answer.text
    await town.service.settled()
    return answer.json()


async def get(town: Town, path: str, as_: str, expected: int = 200, **params: str) -> Any:
    answer = await town.service.get(path, as_=as_, params=params)
    assert answer.status_code == expected, answer.text
    return answer.json()


def counts_of(lines: list[dict[str, Any]], name: str | None = None) -> dict[str, int | None]:
    return {each["category"]: each["count"] for each in lines if each["name"] == name}


def path(town: Town, community_name: str = HERE) -> str:
    return f"/communities/{town.communities[community_name]}/member-categories"


async def test_ac17_one_hundred_ninety_nine_members_in_six_categories(town: Town) -> None:
    await post(town, path(town), town.clerk(HERE), counts=DOCUMENT)
    report = await get(town, "/reports/member-categories", town.admin)
    expected = DOCUMENT | {IN_SERVICE: 0, TOTAL: 199}
    assert (report["total"], report["undeclared"]) == (199, len(town.communities) - 1)
    assert counts_of(report["communities"], HERE) == counts_of(report["streets"], report["streets"][0]["name"]) == expected
    assert counts_of(report["district"]) == expected
    assert counts_of(report["communities"], THERE) == {IN_SERVICE: 0, TOTAL: 0}, "what is not declared is unknown, not nil"
    answer = await town.service.get("/reports/member-categories.xlsx", as_=town.admin)
    with CalamineWorkbook.from_filelike(io.BytesIO(answer.content)) as book:
        of_district, _, by_community = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert of_district[2:4] == [["党员类别", "人数"], ["解除劳动关系人员", 126]]
    assert [HERE, TODAY.isoformat(), "合计", 199] in by_community
    assert f"未申报社区数: {len(town.communities) - 1}" in str(by_community[1][0])


async def test_in_service_members_are_counted_from_their_registrations(town: Town) -> None:
    for _ in range(3):
        await town.registered(SCHOOL, HERE)
    await town.registered(SCHOOL, THERE)
    report = await get(town, "/reports/member-categories", town.admin)
    registrants = {each["name"]: each["count"] for each in (await get(town, "/reports/registrants", town.admin))["by_community"]}
    for name in town.communities:
        assert counts_of(report["communities"], name)[IN_SERVICE] == registrants[name]
    assert (counts_of(report["communities"], HERE)[TOTAL], report["total"]) == (202, 203)


async def test_g12_a_community_reads_itself_whole_and_no_small_count_of_others(town: Town) -> None:
    few = DOCUMENT | {"laid_off": 1, "retired": 0}
    await post(town, path(town, THERE), town.clerk(THERE), counts=few)
    own = counts_of((await get(town, "/reports/member-categories", town.clerk(THERE)))["communities"], THERE)
    assert own == few | {IN_SERVICE: 1, TOTAL: sum(few.values()) + 1}
    for stranger in (town.clerk(HERE), town.liaison(SCHOOL), town.member(str(uuid4()))):
        report = await get(town, "/reports/member-categories", stranger)
        seen = counts_of(report["communities"], THERE)
        assert (seen["laid_off"], seen[IN_SERVICE], seen["retired"]) == (None, None, 0)
        registrants = (await get(town, "/reports/registrants", stranger))["by_community"]
        for name in {each["name"] for each in registrants if each["count"] is None} - {HERE}:
            assert counts_of(report["communities"], name)[IN_SERVICE] is None, "what one report hides the other does not tell"


async def test_what_is_no_declaration_is_refused(town: Town) -> None:
    own, here = town.clerk(HERE), path(town)
    for broken in ({"laid_off": -1}, {"laid_off": 100_001}, {"laid_off": "15"}, {"laid_off": 1.5}, {"下岗": 15}, {"laid_off": None}):
        await post(town, here, own, 422, counts=DOCUMENT | broken)
    await post(town, here, own, 422)
    await post(town, here, own, 422, counts=DOCUMENT, names=["某人"])
    await post(town, here, own, 422, counts={f"c_{'x' * number}": 1 for number in range(31)})
    assert (await post(town, here, own, 409, counts={}))["code"] == "categories_differ"
    assert (await post(town, here, own, 409, counts=DOCUMENT | {IN_SERVICE: 3}))["code"] == "in_service_is_counted"
    tomorrow, yesterday = ((TODAY + timedelta(days=each)).isoformat() for each in (1, -1))
    assert (await post(town, here, own, 409, counts=DOCUMENT, as_of=tomorrow))["code"] == "counted_in_future"
    assert (await post(town, here, own, 409, counts=DOCUMENT, as_of=yesterday))["code"] == "counted_later_already"
    await post(town, here, town.clerk(THERE), 403, counts=DOCUMENT)
    await post(town, here, town.admin, 403, counts=DOCUMENT)


async def test_the_programme_names_its_own_categories(town: Town) -> None:
    usual = await get(town, "/member-categories", town.clerk(HERE))
    assert [each["category"] for each in usual] == [*MEMBER_CATEGORIES, IN_SERVICE]
    assert [each["is_declared"] for each in usual] == [True] * 6 + [False]
    body = {"name": "进社区报到", "legal_basis": "云溪区委组织部〔2026〕1号", "starts_on": TODAY.isoformat()}
    reserved = body | {"member_categories": {"total": "合计"}}
    assert (await post(town, "/programmes", town.admin, 409, **reserved))["code"] == "category_reserved"
    await post(town, "/programmes", town.admin, 201, **body, member_categories={"laid_off": "下岗失业", "farmers": "农民"})
    named = await get(town, "/member-categories", town.clerk(HERE))
    assert {each["category"]: each["category_name"] for each in named if each["is_declared"]} == {"laid_off": "下岗失业", "farmers": "农民"}
    assert (await post(town, path(town), town.clerk(HERE), 409, counts=DOCUMENT))["code"] == "categories_differ"
    await post(town, path(town), town.clerk(HERE), counts={"laid_off": 15, "farmers": 4})
    report = await get(town, "/reports/member-categories", town.admin)
    assert counts_of(report["communities"], HERE) == {"laid_off": 15, "farmers": 4, IN_SERVICE: 3, TOTAL: 22}
    words = {each["category"]: each["category_name"] for each in report["communities"]}
    assert (words["laid_off"], words["resident"]) == ("下岗失业", "居民"), "what others declared before keeps its word"


async def test_the_read_model_of_it_is_a_function_of_the_log(town: Town, database: Database) -> None:
    await town.service.settled()
    assert "MemberCategoriesDeclared" in {event.name for event in await town.service.log(town.district)}
    owner, role = database.url("registration_owner"), database.url("registration")
    rebuilt = await rebuild(SERVICE.read_model(), town.service.feeds, owner_url=owner, service_url=role, swap=False)
    assert rebuilt.is_equal
