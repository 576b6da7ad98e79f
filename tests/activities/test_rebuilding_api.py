"""While a district is folded anew, its queries are refused at every process, and nobody else's are."""

from shared.eventlog.consume import OrderedConsumer
from tests.activities.conftest import District
from tests.activities.test_retries_api import DRAFT


async def begin(district: District, name: str) -> None:
    async with district.service.parts.database.district(name) as tx:
        await tx.execute("INSERT INTO rebuilding VALUES ($1, 'registration', 7)", name)


async def test_queries_are_refused_and_commands_that_look_nothing_up_are_not(district: District) -> None:
    service = district.service
    post_id = await district.open_post()
    await service.settled()
    await begin(district, service.district)
    token = {"Authorization": f"Bearer {district.clerk}"}
    refused = await service.client.get(f"/posts/{post_id}", headers=token)
    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (503, "read_model_behind", "2")
    elsewhere = {"Authorization": f"Bearer {district.foreign_secretary}"}
    assert (await service.client.get(f"/posts/{post_id}", headers=elsewhere)).status_code == 404
    assert (await service.post("/posts", as_=district.clerk, json=DRAFT)).status_code == 201
    parts = service.parts
    consumer = OrderedConsumer(parts.database, service.feeds, parts.definition.sources, parts.definition.project, None)
    await consumer.catch_up()  # another process: it has not begun the rebuild, and finishes it
    assert consumer.progress.rebuilding == {}
    parts.consumer._marks.clear()  # as after being fenced
    assert (await service.client.get(f"/posts/{post_id}", headers=token)).status_code == 200


async def test_readiness_names_the_district(district: District) -> None:
    service = district.service
    service.parts.consumer.progress.rebuilding[service.district] = "registration"
    try:
        ready = (await service.client.get("/readyz")).json()
    finally:
        del service.parts.consumer.progress.rebuilding[service.district]
    assert ready["rebuilding"] == {service.district: "the log of registration has lost events"}
    assert ready["ready"]
