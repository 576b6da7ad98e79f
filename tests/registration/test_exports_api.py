"""Every list as a workbook: what the API says and no more, numbers as text, nothing that runs, and on record."""

import io
from typing import Any

import pytest
import pytest_asyncio
from fastapi.routing import APIRoute
from python_calamine import CalamineWorkbook

from services.registration import exports
from services.registration.app import SERVICE
from services.registration.exports import columns_of, tables_of
from shared.http.paging import Page
from shared.papers.workbooks import XLSX
from shared.testing.harness import ServiceUnderTest
from shared.texts import text
from tests.registration.conftest import Town, new_town

SCHOOL, BUREAU = "云溪区育光小学", "云溪区司法局"
HERE, THERE = "新风社区", "南园社区"
FORMULA = '=HYPERLINK("http://x","y")'


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


def flat(found: Any) -> list[APIRoute]:
    routes: list[APIRoute] = []
    for each in found:
        routes += [each] if isinstance(each, APIRoute) else flat(getattr(each, "routes", None) or each.original_router.routes)
    return routes


ROUTES = {route.path: route for route in flat(SERVICE.routes) if "GET" in (route.methods or ())}
LISTS = {
    path: answer
    for path, route in ROUTES.items()
    if (answer := route.endpoint.__annotations__.get("return")) is not None
    and (getattr(answer, "__origin__", None) is list or (isinstance(answer, type) and issubclass(answer, Page)))
}


def test_every_list_is_a_workbook_too() -> None:
    by_query = {"/communities/{community_id}/registrants"}  # somebody is looked up, not listed
    to_come_off = {"/stories", "/organisations/{organisation_id}/stories"}  # nobody could take back what is in a workbook
    assert len(LISTS) >= 8
    assert {path for path in LISTS if f"{path}.xlsx" not in ROUTES} == by_query | to_come_off


@pytest.mark.parametrize("path", [path for path in ROUTES if path.endswith(".xlsx") and not path.endswith("/errors.xlsx")])
def test_every_sheet_and_column_has_its_words(path: str) -> None:
    title = ROUTES[path].name.removesuffix("_workbook")
    for table in tables_of(ROUTES[path.removesuffix(".xlsx")].endpoint.__annotations__["return"], title):
        for key in (f"sheet_{table.name}", *(f"column_{name}" for name in columns_of(table.model))):
            assert text("registration", "labels", key).zh


def tables(content: bytes) -> dict[str, list[list[Any]]]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return {name: [list(row) for row in book.get_sheet_by_name(name).to_python()] for name in book.sheet_names}


async def test_the_register_book_of_a_community(town: Town) -> None:
    service, path = town.service, f"/communities/{town.communities[HERE]}/register"
    member_id, registration_id = await town.registered(SCHOOL, HERE)
    willing = {"kinds": ["MEDIATION", "PUBLIC_ORDER"], "times": ["WEEKDAY_EVENING"], "times_per_month": 2}
    profile = {"skills": [FORMULA], "preferences": ["书法"], "willingness": willing}
    await service.post(f"/members/{member_id}/profile", json=profile, as_=town.member(member_id))
    await service.settled()
    answer = await service.get(f"{path}.xlsx", as_=town.clerk(HERE))
    assert answer.headers["content-type"] == XLSX
    (title, note, head, line), *_ = tables(answer.content).values()
    (shown,) = (await service.get(path, as_=town.clerk(HERE))).json()["items"]
    assert title[0] == "社区在职党员信息簿"
    assert f"clerk {HERE}" in str(note[0])
    row = dict(zip(head, line, strict=True))
    assert row == {
        "党员编号": shown["member_no"],
        "名称（姓名）": "郑启明",
        "所在单位": SCHOOL,
        "职业类别": "教师",
        "政治面貌": "中共党员",
        "特长": f"'{FORMULA}",
        "兴趣意向": "书法",
        "服务意愿": "维护治安、矛盾调解;工作日晚上;每月至多2次",
        "状态": "已确认",
        "报到日期": shown["reported_on"],
    }
    assert registration_id not in answer.text
    looked = (await service.get(f"/members/{member_id}/accesses", as_=town.member(member_id))).json()["items"]
    assert (f"clerk {HERE}", "export of community_register") in {(each["actor"], each["purpose"]) for each in looked}
    for stranger in (town.clerk(THERE), town.liaison(SCHOOL), town.admin):
        assert (await service.get(f"{path}.xlsx", as_=stranger)).status_code == 403


async def test_a_workbook_holds_the_whole_list_page_by_page(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    service, unit = town.service, town.units[BUREAU]
    for number in range(5):
        await town.enrolled(BUREAU, f"何云{number}")
    await service.settled()
    monkeypatch.setattr(exports, "PAGE", 2)
    (sheet,) = tables((await service.get(f"/units/{unit}/members.xlsx", as_=town.liaison(BUREAU))).content).values()
    assert {line[1] for line in sheet[3:]} == {f"何云{number}" for number in range(5)}
    assert len(sheet) == 3 + 5
    monkeypatch.setattr(exports, "MOST_ROWS", 4)
    refused = await service.get(f"/units/{unit}/members.xlsx", as_=town.liaison(BUREAU))
    assert (refused.status_code, refused.json()["code"]) == (409, "export_too_large")


async def test_pseudonymous_lists_show_numbers_and_names_of_organisations(town: Town) -> None:
    service = town.service
    member_id, registration_id = await town.registered(SCHOOL, THERE)
    answer = await service.get("/receipts/outstanding.xlsx", as_=town.liaison(SCHOOL), params={"unit_id": str(town.units[SCHOOL])})
    (sheet,) = tables(answer.content).values()
    own = (await service.get(f"/members/{member_id}", as_=town.member(member_id))).json()
    assert [own["member_no"], SCHOOL, THERE, own["registrations"][0]["receipt_no"]] in [line[:4] for line in sheet[3:]]
    assert registration_id not in answer.text
    assert (await service.get("/receipts/outstanding.xlsx", as_=town.liaison(SCHOOL))).status_code == 403


async def test_small_counts_are_hidden_in_the_workbook_as_in_the_report(town: Town) -> None:
    service = town.service
    public = tables((await service.get("/reports/registrants.xlsx", as_=town.clerk(HERE))).content)
    exact = tables((await service.get("/reports/registrants.xlsx", as_=town.admin)).content)
    assert list(public) == ["按社区", "按职业类别", "社区与职业类别"]
    assert public["按社区"][2] == ["名称（姓名）", "人数"]
    shown = {line[0]: line[1] for line in public["按社区"][3:]}
    assert (shown[HERE], {line[0]: line[1] for line in exact["按社区"][3:]}[HERE]) == ("不公布", 1)
    assert "合计: 2" in str(public["按社区"][1][0])
