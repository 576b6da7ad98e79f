"""Labels that an office explains are remembered; members who are known are compared, and what differs is told."""

import json
from collections.abc import AsyncIterator

import pytest_asyncio

from services.registration.rosters.column_mapping import ROSTER_COLUMNS, MapColumns
from shared.contracts.registration.rosters import RosterColumnsMapped, RosterField
from shared.identifiers import content_id
from shared.testing.harness import ServiceUnderTest
from shared.testing.scenario import Scenario
from tests.registration.conftest import Town, new_town
from tests.registration.rosters.test_roster import HEADER, NUMBER, SCHOOL, changed, workbook

BUREAU = "云溪区司法局"
OWNER = content_id(b"an owner")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> AsyncIterator[Town]:
    yield await new_town(service, "mapped")


def test_only_what_is_new_about_labels_is_said() -> None:
    said = RosterColumnsMapped(owner_id=OWNER, columns={"联络方式": RosterField.PHONE})
    both = {"联络方式": RosterField.PHONE, "网格": RosterField.IGNORED}
    scenario = Scenario(ROSTER_COLUMNS).given(said)
    scenario.when(MapColumns(owner_id=OWNER, columns=both)).then(RosterColumnsMapped(owner_id=OWNER, columns={"网格": RosterField.IGNORED}))
    Scenario(ROSTER_COLUMNS).given(said).when(MapColumns(owner_id=OWNER, columns={"联络方式": RosterField.PHONE})).then()


async def test_a_column_explained_once_is_remembered_for_the_unit_alone(town: Town) -> None:
    header = ["姓名", "单位", "政治面貌", "联络方式"]
    content = workbook(header, ["何云帆", SCHOOL, "党员", "10000000077"])
    unit = town.liaison(SCHOOL)
    first = (await town.send_roster(content, unit, data={"dry_run": "true"})).json()
    assert [(each["code"], each["column"], each["header"]) for each in first["remarks"]] == [("column_unknown", "D", "联络方式")]
    assert [each["code"] for each in first["problems"]] == ["no_identity"]
    explained = {"columns": json.dumps({"联络方式": "phone"})}
    tried = (await town.send_roster(content, unit, data={"dry_run": "true"} | explained)).json()
    assert (tried["enrolled"], tried["remarks"]) == (1, [])
    assert (await town.service.get("/rosters/columns", as_=unit)).json() == {}
    assert (await town.send_roster(content, unit, data=explained)).json()["enrolled"] == 1
    again = (await town.send_roster(content, unit)).json()
    assert (again["already_enrolled"], again["problems"]) == (1, [])
    assert (await town.service.get("/rosters/columns", as_=unit)).json() == {"联络方式": "phone"}
    assert (await town.service.get("/rosters/columns", as_=town.liaison(BUREAU))).json() == {}


async def test_what_is_no_mapping_is_refused(town: Town) -> None:
    content = workbook(HEADER, changed())
    for wrong in ("[]", "{", '{"a": "nothing"}', '{"a": 1}', '{"": "phone"}', '{"13912345678": "phone"}', '"x"'):
        assert (await town.send_roster(content, data={"columns": wrong})).status_code == 422, wrong


async def test_each_difference_of_a_known_member_is_told_with_its_command(town: Town) -> None:
    service, unit = town.service, town.liaison(SCHOOL)
    assert (await town.send_roster(workbook(HEADER, changed(政治面貌="预备党员")), unit)).json()["enrolled"] == 1
    other = workbook(HEADER, changed(政治面貌="中共党员", 姓名="柳清", 手机="10000000009", 居住社区="南园社区"))
    for dry_run in ("true", "false"):
        outcome = (await town.send_roster(other, unit, data={"dry_run": dry_run})).json()
        assert (outcome["already_enrolled"], outcome["problems"]) == (1, [])
        found = {each["field"]: each for each in outcome["differences"]}
        assert set(found) == {"political_status", "name", "phone", "community"}
        assert "柳清" not in str(outcome)
        assert all(found[field]["command"] is None and found[field]["reason_zh"] for field in ("name", "phone", "community"))
    kept = (await service.get(f"/rosters/{outcome['roster_id']}", as_=unit)).json()
    assert kept["differences"] == outcome["differences"]
    offered = found["political_status"]["command"]
    assert (await service.post(offered["path"], json=offered["body"], as_=unit)).status_code == 200
    await service.settled()
    assert "political_status" not in {each["field"] for each in (await town.send_roster(other, unit)).json()["differences"]}


async def test_another_unit_is_told_that_the_member_is_elsewhere_and_nothing_more(town: Town) -> None:
    await town.send_roster(workbook(HEADER, changed()), town.liaison(SCHOOL))
    moved = workbook(HEADER, changed(单位=BUREAU, 姓名="别名", 手机="10000000005"))
    told = (await town.send_roster(moved, town.liaison(BUREAU))).json()["differences"]
    assert [(each["field"], each["command"]) for each in told] == [("unit", None)]
    by_district = (await town.send_roster(moved)).json()["differences"]
    (unit,) = [each for each in by_district if each["field"] == "unit"]
    assert (await town.service.post(unit["command"]["path"], json=unit["command"]["body"], as_=town.admin)).status_code == 200


async def test_one_person_under_two_spellings_is_one_member(town: Town) -> None:
    ours = changed(身份证号="", 姓名="马户", 手机="10000000088")
    assert (await town.send_roster(workbook(HEADER, ours))).json()["enrolled"] == 1
    for spelling in ("⻢⼾", "马戶", "\u202a马户\u202c"):
        outcome = (await town.send_roster(workbook(HEADER, changed(身份证号="", 姓名=spelling, 手机="+86 100 0000 0088")))).json()
        assert (outcome["enrolled"], outcome["already_enrolled"], outcome["differences"]) == (0, 1, []), spelling
    assert NUMBER not in str(outcome)
