"""Parked events as operators and auditors meet them, in every service: listed, decided, counted; an event with NUL as the example."""

import base64
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from ops.provision import Database as Provisioned
from services.activities.app import SERVICE as ACTIVITIES
from services.evaluation.app import SERVICE as EVALUATION
from services.notifications.app import SERVICE as NOTIFICATIONS
from services.registration.app import SERVICE as REGISTRATION
from shared.contracts.activities.posts import PostAmended, PostEstablished
from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from shared.eventlog.envelope import Context
from shared.eventlog.log import Accepted, Append, StreamVersion
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.harness import NEW_YEAR, ServiceUnderTest, service_under_test
from shared.testing.samples import sample

POST = UUID(int=7)
STREAM = f"post/{POST}"
SERVICES = {each.name: each for each in (REGISTRATION, ACTIVITIES, EVALUATION, NOTIFICATIONS)}


@pytest_asyncio.fixture(loop_scope="session")
async def service(request: pytest.FixtureRequest, database: Provisioned, tmp_path: Path) -> AsyncIterator[ServiceUnderTest]:
    name: str = request.param
    urls = {"database_url": database.url(name), "owner_url": database.url(f"{name}_owner")}
    settings: dict[str, Any] = {"service_token": "service-token", "link_key": "a secret of the tests"}
    if name == "registration":
        (tmp_path / "master-key").write_text(base64.b64encode(b"k" * 32).decode())
        settings |= {"vault_database_url": database.url("registration_vault"), "vault_master_key_file": tmp_path / "master-key"}
    async with service_under_test(SERVICES[name], folder=tmp_path, **urls, **settings) as running:
        running.district = request.function.__name__.split("_")[1]  # one for each test
        yield running


async def put(service: ServiceUnderTest, stream: str, after: int, *events: Event) -> None:
    """Into the service's own log, past everything that would refuse it."""
    context = Context(service.district, service.key(), NEW_YEAR, "long ago")
    [outcome] = await service.parts.log.append(service.district, [Append(context, StreamVersion(stream, after), list(events))])
    assert isinstance(outcome, Accepted)
    await service.settled()


async def decide(service: ServiceUnderTest, verb: str, status: int = 200, **body: Any) -> dict[str, Any]:
    operator = service.token(Role.SYSTEM_ADMIN, subject="operator")
    said = {"source": service.parts.definition.name, "reason": "looked into"} | body
    answer = await service.post(f"/operations/parked/{verb}", as_=operator, json=said)
    assert answer.status_code == status, answer.text
    await service.settled()
    return answer.json()


async def parked(service: ServiceUnderTest) -> list[dict[str, Any]]:
    return (await service.get("/operations/parked", as_=service.token(Role.AUDITOR))).json()


@pytest.mark.parametrize("service", SERVICES, indirect=True)
async def test_every_service_records_what_operators_decide(service: ServiceUnderTest) -> None:
    name = service.parts.definition.name
    misfit = next(each for each in published_events(name) if any(info.is_required() for info in each.model_fields.values()))
    stream = f"misfit/{UUID(int=1)}"
    await put(service, stream, 0, misfit.model_construct(), misfit.model_construct())
    first, second = await parked(service)
    assert (first["type"], first["stream"], second["error"]) == (misfit.type_name(), stream, "an earlier event of this stream is parked")
    assert (await service.client.get("/readyz")).json()["parked"] == {service.district: 2}
    assert f'guangcai_parked_events{{district="{service.district}"}} 2.0' in (await service.client.get("/metrics")).text
    await decide(service, "retry", stream=stream)
    assert await parked(service) == [first, second]
    await decide(service, "skip", 422, stream=stream, sequences=[first["sequence"], 99])
    named = (await decide(service, "skip", stream=stream))["result"]["events"]
    assert named == [{"sequence": first["sequence"], "type": misfit.type_name()}]
    [left] = await parked(service)
    assert left["sequence"] == second["sequence"]
    await decide(service, "skip", stream=stream, sequences=[second["sequence"]])
    assert await parked(service) == []
    assert (await decide(service, "skip", 409, stream=stream))["code"] == "nothing_parked"
    assert (await service.client.get("/readyz")).json()["parked"] == {}
    decisions = (await service.get("/operations/parked/decisions", as_=service.token(Role.AUDITOR))).json()
    assert [(each["decision"], each["actor"], len(each["events"])) for each in decisions] == [
        *(("RETRIED", "operator", 2), ("SKIPPED", "operator", 1), ("SKIPPED", "operator", 1))
    ]
    assert (await service.post("/operations/parked/skip", as_=service.token(Role.AUDITOR), json={})).status_code == 403


@pytest.mark.parametrize("service", ["activities"], indirect=True)
async def test_a_text_that_no_table_holds_is_replaced_and_the_post_goes_on(service: ServiceUnderTest, database: Provisioned) -> None:
    established = sample(PostEstablished, post_id=POST)
    broken = sample(PostAmended, post_id=POST).model_copy(update={"duties": "整理图书\0", "skills": ("书\0法",)})
    await put(service, STREAM, 0, established, broken, sample(PostAmended, post_id=POST, title="后来的岗位"))
    assert [each["error"].partition(":")[0] for each in await parked(service)] == [
        *("CharacterNotInRepertoireError", "an earlier event of this stream is parked")
    ]
    for wrong in ({"duty": "x"}, {"skills": "x"}, {"skills.5": "x"}, {"post_id.x": "x"}):
        await decide(service, "replace", 422, stream=STREAM, texts=wrong)
    await decide(service, "replace", 422, stream=STREAM, texts={"duties": "整理\0"})
    half = await decide(service, "replace", 422, stream=STREAM, texts={"duties": "整理图书"})
    assert half["errors"] == [{"field": "texts", "message": f"{PostAmended.type_name()} does not fit its contract: skills.0"}]
    await decide(service, "replace", stream=STREAM, texts={"duties": "整理图书", "skills.0": "书法"})
    assert await parked(service) == []
    shown = (await service.get(f"/posts/{POST}", as_=service.token(Role.STREET_ADMIN))).json()
    assert shown["title"] == "后来的岗位"
    definition, owner, own = service.parts.definition, database.url("activities_owner"), database.url("activities")
    rebuilt = await rebuild(definition.read_model(), service.feeds, owner_url=owner, service_url=own, swap=False)
    assert rebuilt.is_equal
