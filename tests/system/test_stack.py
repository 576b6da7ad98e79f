"""Four service processes start together, one dies, the broker goes away, then the database; no event is lost."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio

from ops.demo.client import Caller, Client, Refused, connected
from ops.demo.world import at
from ops.servers import ServerFailed
from ops.servers.processes import free_port
from ops.stack import ROOT, ServiceProcess, Stack
from shared.identity import Principal, Role

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
DISTRICT = "stack"
NOW = at(date(2027, 3, 1))


@dataclass(frozen=True)
class Community:
    """A community, its clerk, and the services."""

    id: UUID
    clerk: Caller
    client: Client

    async def need(self, text: str) -> dict[str, Any]:
        body = {"community_id": self.id, "category": "OTHER", "text": text, "place": "南园三区"}
        return await self.client.service("activities").result("/needs", body, by=self.clerk, at=NOW)


@pytest_asyncio.fixture(loop_scope="session")
async def community(stack: Stack) -> AsyncIterator[Community]:
    admin = Caller("admin", Role.DISTRICT_ADMIN)
    async with connected(stack.urls, stack.keys, DISTRICT) as client:

        async def organisation(**fields: Any) -> UUID:
            return UUID((await client.service("registration").result("/organisations", fields, by=admin, at=NOW))["organisation_id"])

        street = await organisation(kind="STREET", name="站前街道")
        place = await organisation(kind="COMMUNITY", name="南园社区", parent_id=street, community_type="学习型")
        await client.settle(NOW)
        yield Community(place, Caller("clerk", Role.COMMUNITY_CLERK, (place,)), client)


def get(url: str, **headers: str) -> httpx2.Response:
    return httpx2.get(url, headers=headers, timeout=30)


async def timed(work: Awaitable[Any]) -> tuple[Any, float]:
    started = time.monotonic()
    return await work, time.monotonic() - started


def test_services_are_ready_and_know_their_tokens(stack):
    token = stack.keys.token(Principal("somebody", "demo", frozenset({Role.SYSTEM_ADMIN})))
    for url in stack.urls.values():
        ready = get(f"{url}/readyz").json()
        assert (ready["ready"], ready["bus"]) == (True, "ok")
        assert get(f"{url}/operations/parked").status_code == 401
        assert get(f"{url}/operations/parked", Authorization=f"Bearer {token}").status_code == 200


def test_a_service_shows_its_documents_and_comes_back_on_its_address_when_killed(stack):
    service = stack.services["notifications"]
    assert get(f"{service.url}/openapi.json").status_code == 200
    assert get(f"{service.url}/asyncapi.json").json()["asyncapi"].startswith("3.")
    service.kill()
    assert not service.is_running
    with pytest.raises(httpx2.ConnectError):
        get(f"{service.url}/livez")
    service.start()
    assert get(f"{service.url}/livez").status_code == 200


def test_a_service_that_cannot_start_shows_its_log(tmp_path):
    service = ServiceProcess("notifications", free_port(), tmp_path / "log", {"PATH": os.defpath, "PYTHONPATH": str(ROOT)})
    with pytest.raises(ServerFailed, match=r"(?s)notifications ended while starting.*database_url"):
        service.start()


async def test_without_the_broker_commands_succeed_and_the_rest_catches_up(stack: Stack, community: Community) -> None:
    client, rabbitmq = community.client, stack.servers.rabbitmq
    before = await client.heads()
    await asyncio.to_thread(rabbitmq.stop)
    try:
        needs = [await timed(community.need(text)) for text in ("楼道灯不亮", "花坛缺水", "想学书法")]
        assert max(seconds for _, seconds in needs) < 2
    finally:
        rabbitmq.spawn()
        await asyncio.to_thread(rabbitmq.wait_ready)
    after = await client.settle(NOW)
    assert after["activities"] == before["activities"] + 3
    listed = await client.service("activities").every(f"/needs?community_id={community.id}", by=community.clerk, at=NOW)
    assert {answer["need_id"] for answer, _ in needs} <= {each["need_id"] for each in listed}


async def test_without_the_database_there_is_a_quick_503_and_afterwards_everything_works(stack: Stack, community: Community) -> None:
    client, postgres = community.client, stack.servers.postgres
    body = {"community_id": str(community.id), "category": "OTHER", "text": "雨棚漏水", "place": "北门"}
    headers = {
        "Idempotency-Key": str(uuid4()),
        "Guangcai-Time": NOW.isoformat(),
        "Authorization": f"Bearer {client.token(community.clerk)}",
    }

    async def post() -> httpx2.Response:
        return await client.http["activities"].post(f"{stack.urls['activities']}/needs", json=body, headers=headers)

    await asyncio.to_thread(postgres.stop)
    try:
        for _ in range(2):
            response, seconds = await timed(post())
            assert response.status_code == httpx2.codes.SERVICE_UNAVAILABLE
            assert response.headers["content-type"] == "application/problem+json"
            assert int(response.headers["retry-after"]) >= 1
            assert response.json()["code"] == "dependency_down"
            assert seconds < 2
    finally:
        postgres.spawn()
        await asyncio.to_thread(postgres.wait_ready)
    async with asyncio.timeout(20):
        while (response := await post()).status_code != httpx2.codes.CREATED:
            assert response.status_code == httpx2.codes.SERVICE_UNAVAILABLE
            await asyncio.sleep(0.2)
    assert (await post()).json()["result"] == response.json()["result"]
    await client.settle(NOW)


async def test_a_refusal_names_its_code(stack: Stack, community: Community) -> None:
    assert stack
    member = Caller(str(uuid4()), Role.MEMBER)
    with pytest.raises(Refused) as refused:
        await community.client.service("activities").post("/posts", {}, by=member, at=NOW)
    assert (refused.value.status, refused.value.code) == (403, "forbidden")
