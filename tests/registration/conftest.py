"""Registration under test on real PostgreSQL: the application with its vault, and a district that has organisations."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import UUID

import httpx2
import pytest
import pytest_asyncio

from ops.demo import make_roster
from ops.provision import Database
from services.registration.app import SERVICE
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest, service_under_test

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def service(database: Database, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServiceUnderTest]:
    folder = tmp_path_factory.mktemp("registration")
    (folder / "master-key").write_text(base64.b64encode(b"k" * 32).decode())
    async with service_under_test(
        SERVICE,
        database_url=database.url("registration"),
        owner_url=database.url("registration_owner"),
        folder=folder,
        vault_database_url=database.url("registration_vault"),
        vault_master_key_file=folder / "master-key",
    ) as service:
        yield service


@dataclass
class Town:
    """A district with the demo's organisations, and tokens for the people in it."""

    service: ServiceUnderTest
    district: str
    units: dict[str, UUID] = field(default_factory=dict)
    communities: dict[str, UUID] = field(default_factory=dict)

    @property
    def admin(self) -> str:
        return self.service.token(Role.DISTRICT_ADMIN, subject="admin", district=self.district)

    def liaison(self, unit: str) -> str:
        return self.service.token(Role.UNIT_LIAISON, subject=f"liaison {unit}", organisations=[self.units[unit]], district=self.district)

    def clerk(self, community: str) -> str:
        return self.service.token(
            Role.COMMUNITY_CLERK, subject=f"clerk {community}", organisations=[self.communities[community]], district=self.district
        )

    def member(self, member_id: str) -> str:
        return self.service.token(Role.MEMBER, subject=member_id, district=self.district)

    async def establish(self) -> None:
        """The demo's street, communities and units."""
        street = await self.created({"kind": "STREET", "name": make_roster.STREET})
        for community in make_roster.COMMUNITIES:
            body = {"kind": "COMMUNITY", "parent_id": street, **vars(community)}
            self.communities[community.name] = UUID(await self.created(body))
        for unit in make_roster.UNITS:
            self.units[unit.name] = UUID(await self.created({"kind": "WORK_UNIT", **vars(unit)}))
        await self.service.settled()

    async def created(self, body: dict[str, object]) -> str:
        answer = await self.service.post("/organisations", json=body, as_=self.admin)
        assert answer.status_code == 201, answer.text
        return answer.json()["result"]["organisation_id"]

    async def enrolled(self, unit: str, name: str, **body: object) -> str:
        """One member without a workbook; the id."""
        body = {"name": name, "political_status": "01", "email": f"{self.service.key().hex}@members.example"} | body
        answer = await self.service.post(f"/units/{self.units[unit]}/members", json=body, as_=self.liaison(unit))
        assert answer.status_code == 201, answer.text
        return answer.json()["result"]["member_id"]

    async def certified(self, unit: str, community: str, name: str = "郑启明") -> tuple[str, str]:
        """A member with a certificate: the id and the number."""
        member_id = await self.enrolled(unit, name)
        body = {"member_id": member_id, "community_id": str(self.communities[community])}
        answer = await self.service.post("/certificates", json=body, as_=self.liaison(unit))
        assert answer.status_code == 201, answer.text
        await self.service.settled()
        return member_id, answer.json()["result"]["certificate_no"]

    async def registered(self, unit: str, community: str) -> tuple[str, str]:
        """A member with a confirmed registration: both ids."""
        member_id, number = await self.certified(unit, community)
        report = {"certificate_no": number, "consent_text_version": "2026-01"}
        answer = await self.service.post("/registrations", json=report, as_=self.member(member_id))
        assert answer.status_code == 201, answer.text
        registration_id = answer.json()["result"]["registration_id"]
        confirmed = await self.service.post(f"/registrations/{registration_id}/confirmation", as_=self.clerk(community))
        assert confirmed.status_code == 200, confirmed.text
        await self.service.settled()
        return member_id, registration_id

    async def send_roster(self, content: bytes, as_: str | None = None, **request: object) -> httpx2.Response:
        """Upload a workbook and let the read model catch up."""
        files = {"file": ("花名册.xlsx", content, XLSX)}
        answer = await self.service.post("/rosters", files=files, as_=as_ or self.admin, **request)
        await self.service.settled()
        return answer


async def new_town(service: ServiceUnderTest, district: str) -> Town:
    """A district of its own, so that examples do not meet."""
    town = Town(service, district)
    await town.establish()
    return town
