"""The activities service on real PostgreSQL, a district with registered members, and who asks."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from ops.provision import Database
from services.activities.app import SERVICE
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.contracts.registration.registrations import MemberRegistered, RegistrationConfirmed
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest, service_under_test
from shared.testing.name_desk import NameDesk, open_name_desk
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, UNIT, member, some_id


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def name_desk() -> AsyncIterator[tuple[NameDesk, int]]:
    """The desk and its port."""
    async with open_name_desk() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(
    database: Database, name_desk: tuple[NameDesk, int], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ServiceUnderTest]:
    """One service per module; every test works in a district of its own."""
    folder = tmp_path_factory.mktemp("activities")
    urls = {"database_url": database.url("activities"), "owner_url": database.url("activities_owner")}
    feeds = {"registration": f"http://127.0.0.1:{name_desk[1]}"}
    secrets = {"service_token": "service-token", "link_key": "a secret of the tests"}
    async with service_under_test(SERVICE, **urls, folder=folder, feed_urls=feeds, **secrets) as running:
        yield running


def registration_of(number: int, community: UUID = COMMUNITY) -> dict[str, Any]:
    return {"registration_id": some_id("ca", number), "member_id": member(number), "unit_id": UNIT, "community_id": community}


def registered(number: int, community: UUID = COMMUNITY, occupation: OccupationGroup = OccupationGroup.TEACHER) -> tuple[Any, ...]:
    """Events of a member who reported and was taken on."""
    return (
        MemberRegistered(
            **registration_of(number, community),
            certificate_id=some_id("cb", number),
            certificate_no=f"LX-{number:08}",
            occupation_group=occupation,
            political_status=PoliticalStatus.MEMBER,
            reported_on=date(2026, 1, 5),
        ),
        RegistrationConfirmed(**registration_of(number, community)),
    )


@dataclass
class District:
    """One district and its people; `answer` bodies are checked for the status the test expects."""

    service: ServiceUnderTest

    @property
    def secretary(self) -> str:
        return self.service.token(Role.COMMUNITY_SECRETARY, subject="secretary", organisations=[COMMUNITY])

    @property
    def clerk(self) -> str:
        return self.service.token(Role.COMMUNITY_CLERK, subject="clerk", organisations=[COMMUNITY])

    @property
    def elsewhere(self) -> str:
        return self.service.token(Role.COMMUNITY_SECRETARY, subject="other-secretary", organisations=[OTHER_COMMUNITY])

    @property
    def admin(self) -> str:
        return self.service.token(Role.DISTRICT_ADMIN, subject="admin")

    @property
    def foreign_secretary(self) -> str:
        return self.service.token(Role.COMMUNITY_SECRETARY, subject="foreign", organisations=[COMMUNITY], district="elsewhere")

    def member(self, number: int) -> str:
        return self.service.token(Role.MEMBER, subject=str(member(number)))

    async def post(self, path: str, as_: str, status: int = 200, **body: Any) -> dict[str, Any]:
        response = await self.service.post(path, as_=as_, json=body)
        assert response.status_code == status, response.text
        return response.json()

    async def get(self, path: str, as_: str, expect: int = 200, **params: Any) -> Any:
        response = await self.service.get(path, as_=as_, params=params)
        assert response.status_code == expect, response.text
        return response.json()

    async def open_post(self, **changes: Any) -> str:
        """An established post with two places and two on the waiting list."""
        draft = {
            "community_id": str(COMMUNITY),
            "title": "巡逻岗",
            "category": "PUBLIC_ORDER",
            "duties": "周六傍晚巡逻",
            "place": "三号楼",
            "capacity": 2,
            "waiting_list_limit": 2,
            "agreed_units": 24,
            "term_start": "2026-01-01",
            "term_end": "2026-12-31",
        }
        answer = await self.post("/posts", self.clerk, 201, **(draft | changes))
        post_id = answer["result"]["post_id"]
        await self.post(f"/posts/{post_id}/establish", self.secretary)
        return post_id

    async def claim(self, post_id: str, number: int) -> dict[str, Any]:
        return (await self.post(f"/posts/{post_id}/claims", self.member(number), 201))["result"]

    async def open_activity(self, **changes: Any) -> str:
        """A published activity two days from now, three hours long."""
        starts_at = self.service.now + timedelta(days=2)
        draft = {
            "community_id": str(COMMUNITY),
            "title": "清理小广告",
            "activity_type": "VOLUNTEER_SERVICE",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(hours=3)).isoformat(),
            "place": "社区广场",
        }
        answer = await self.post("/activities", self.clerk, 201, **(draft | changes))
        activity_id = answer["result"]["activity_id"]
        await self.post(f"/activities/{activity_id}/publish", self.clerk)
        return activity_id

    async def switch_on(self, module: str, *topics: str) -> None:
        """Switch a module of the district on, with a rule for every topic."""
        rules = [{"topic": topic, "text": "按区里公布的办法执行"} for topic in topics]
        await self.post(f"/modules/{module}/on", self.admin, rules=rules)

    async def log(self, activity_id: str, *numbers: int, as_: str | None = None, status: int = 201, **line: Any) -> dict[str, Any]:
        """Log these members' service once it is over."""
        body = {
            "recipient_type": "COMMUNITY",
            "content": "清理楼道小广告",
            "entries": [{"member_id": str(member(number)), **line} for number in numbers],
        }
        return await self.post(f"/activities/{activity_id}/records", as_ or self.clerk, status, **body)


@pytest_asyncio.fixture(loop_scope="session")
async def district(service: ServiceUnderTest, request: pytest.FixtureRequest) -> AsyncIterator[District]:
    """A fresh district with five registered teachers of one community and one member (6) of another, on the same day as every other."""
    start = service.now
    service.district = f"d-{abs(hash(request.node.nodeid)) % 10**12}"
    for number in range(1, 6):
        service.foreign(*registered(number))
    service.foreign(*registered(6, OTHER_COMMUNITY))
    await service.settled()
    yield District(service)
    service.now = start
