"""Two periods side by side: sums of what was confirmed, of those it is asked for, and nobody behind a figure."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.comparisons.queries import Amount, Figure, side_by_side
from shared.contracts.activities.codes import SixOnesItem
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year, new_id
from tests.evaluation.test_projections import voiding

counted = st.builds(Amount, st.integers(0, 500), st.integers(0, 6))
amounts = st.fixed_dictionaries(dict.fromkeys(Figure, counted))


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> Year:
    """Four members in 2026, three of whom served and two of whom completed an item; two periods of half a year."""
    told = Year(service)
    for number in range(4):
        told.member, told.registration = new_id(), new_id()
        told.registers(date(2026, 8, 1) if number == 3 else date(2026, 1, 1))
        for day in range(number):
            told.served(60, date(2026, 3, 1 + day))
            told.served(90, date(2026, 9, 1 + day))
        if number > 1:
            told.completes(SixOnesItem.POLICY_TALK)
    taken_back = told.served(600, date(2026, 9, 20))
    told.tell(voiding(taken_back), on=date(2026, 9, 21), stream=f"activity/{taken_back.activity_id}")
    service.now = datetime(2026, 12, 20, tzinfo=UTC)
    return told


async def period(year: Year, title: str, first: str, last: str) -> str:
    body = {"title": title, "starts_on": first, "ends_on": last, "programme_deadline": last}
    opened = await year.service.post("/periods", as_=year.district_admin, json=body)
    assert opened.status_code == 201, opened.text
    return opened.json()["result"]["period_id"]


async def test_two_years_stand_side_by_side_without_anybody_in_them(year: Year) -> None:
    first, second = await period(year, "上半年", "2026-01-01", "2026-06-30"), await period(year, "下半年", "2026-07-01", "2026-12-31")
    path = f"/periods/{first}/beside/{second}"
    answer = await year.service.get(path, as_=year.district_admin)
    assert answer.status_code == 200, answer.text
    found = {each["figure"]: (each["first"], each["second"], each["change"]) for each in answer.json()["figures"]}
    assert found == {
        "REGISTERED_MEMBERS": (3, 4, 1),
        "SERVING_MEMBERS": (None, 3, None),  # two of those registered then had served
        "CONFIRMED_SERVICES": (None, 6, None),
        "SERVICE_MINUTES": (None, 540, None),
        "SIX_ONES_ITEMS": (None, 0, None),
        "ADOPTED_SUGGESTIONS": (0, 0, 0),
    }
    assert "member_id" not in answer.text
    assert {each["zh"] for each in answer.json()["figures"]} >= {"报到党员数", "服务时间（分钟）"}
    of_unit: dict[str, Any] = {"unit_id": str(year.unit)}
    own = await year.service.get(path, as_=year.unit_secretary, params=of_unit)
    assert own.json()["figures"] == answer.json()["figures"]
    of_another = await year.service.get(path, as_=year.district_admin, params={"unit_id": str(new_id())})
    assert {each["second"] for each in of_another.json()["figures"]} == {0}


async def test_only_who_may_count_compares_and_only_known_periods(year: Year) -> None:
    first = (await year.service.get("/periods", as_=year.district_admin)).json()["items"][0]["period_id"]
    path = f"/periods/{first}/beside/{first}"
    for stranger in (year.self_, year.unit_secretary, year.service.token(Role.COMMUNITY_CLERK, organisations=[new_id()])):
        assert (await year.service.get(path, as_=stranger)).status_code == 403
    assert (await year.service.get(f"/periods/{first}/beside/{UUID(int=404)}", as_=year.district_admin)).status_code == 404
    elsewhere = year.service.token(Role.DISTRICT_ADMIN, district="elsewhere")
    assert (await year.service.get(path, as_=elsewhere)).status_code == 404


@given(amounts, amounts)
def test_g12_a_figure_of_fewer_than_three_persons_is_hidden_and_so_is_its_change(first: Any, second: Any) -> None:
    compared = side_by_side(first, second)
    assert [each.figure for each in compared] == list(Figure)
    for each in compared:
        for shown, amount in ((each.first, first[each.figure]), (each.second, second[each.figure])):
            assert shown == (None if amount.persons in {1, 2} else amount.number)
        is_change_known = each.first is not None and each.second is not None
        assert each.change == (second[each.figure].number - first[each.figure].number if is_change_known else None)


async def test_two_entries_of_one_person_count_once(year: Year) -> None:
    items = (await year.service.get("/periods", as_=year.district_admin)).json()["items"]
    first, second = (each["period_id"] for each in sorted(items, key=lambda each: each["starts_on"]))
    path, remains = f"/periods/{first}/beside/{second}", year.member
    before = (await year.service.get(path, as_=year.district_admin)).json()["figures"]
    year.member, year.registration = new_id(), new_id()
    year.registers(date(2026, 8, 2))
    year.tell(MemberIdentitiesMerged(member_id=year.member, into_member_id=remains, unit_id=year.unit, reason="重复登记"))
    after = (await year.service.get(path, as_=year.district_admin)).json()["figures"]
    assert after == before
