"""The register book of a community comes in pages: every line once, in the order of member numbers, whatever the size of a page."""

from typing import Any

import pytest
import pytest_asyncio

from shared.testing.harness import ServiceUnderTest
from tests.registration.conftest import Town, new_town

SCHOOL, HERE = "云溪区育光小学", "新风社区"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def town(service: ServiceUnderTest) -> Town:
    return await new_town(service, "yunxi")


async def pages(town: Town, limit: int) -> list[list[dict[str, Any]]]:
    path, found, after = f"/communities/{town.communities[HERE]}/register", list[list[dict[str, Any]]](), None
    while not found or after is not None:
        params = {"limit": limit} | ({"after": after} if after else {})
        answer = await town.service.get(path, as_=town.clerk(HERE), params=params)
        assert answer.status_code == 200, answer.text
        found.append(answer.json()["items"])
        after = answer.json()["next"]
    return found


@pytest.mark.parametrize("limit", [1, 2])
async def test_every_line_is_on_one_page(town: Town, limit: int) -> None:
    for _ in range(3):
        await town.registered(SCHOOL, HERE)
    await town.service.settled()
    (whole,) = await pages(town, 200)
    assert len(whole) >= 3
    assert [line["member_no"] for line in whole] == sorted(line["member_no"] for line in whole)
    in_pages = await pages(town, limit)
    assert all(len(page) == limit for page in in_pages[:-1])
    assert [line["registration_id"] for page in in_pages for line in page] == [line["registration_id"] for line in whole]
