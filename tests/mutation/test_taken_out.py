"""What docs/coverage.md names is taken out: an endpoint is closed, a command or an event cannot be decided, and only that."""

import asyncio
import os
from collections.abc import Callable

import httpx2
import pytest
from fastapi import FastAPI

from mutation.taken_out import NOTHING, NothingSuchThere, TakenOut, things
from shared.testing.scenario import Scenario
from tests.activities.needs.test_need import NEED, publish, published, record, recorded
from tests.architecture.test_coverage_table import SERVICES, named_endpoints, within


def in_child(happens: Callable[[], object]) -> None:
    """What is taken out stays out, so it happens in a child."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            happens()
            code = 0
        finally:
            os._exit(code)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def without(thing: str) -> None:
    TakenOut("S0-00", thing, ()).plant()


def test_everything_that_a_row_names_is_taken_out_and_its_tests_are_tried_without() -> None:
    rows = within(*SERVICES)
    found = list(things())
    assert [each.row for each in found if each.thing == NOTHING] == [line.id for line in rows]
    assert {each.thing for each in found} >= {endpoint for line in rows for endpoint in named_endpoints(line)}


def test_an_endpoint_is_closed_and_no_other() -> None:
    app = FastAPI()
    app.add_api_route("/posts/{post_id}", lambda post_id: post_id)
    app.add_api_route("/posts/{post_id}", lambda post_id: post_id, methods=["POST"])
    app.add_api_route("/posts/{post_id}/claims", lambda post_id: post_id)

    async def answers() -> list[int]:
        async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service") as client:
            asked = [client.get("/posts/1"), client.post("/posts/1"), client.get("/posts/1/claims")]
            return [(await each).status_code for each in asked]

    def closed() -> None:
        without("GET /posts/{id}")
        assert asyncio.run(answers()) == [404, 200, 200]

    assert asyncio.run(answers()) == [200, 200, 200]
    in_child(closed)


@pytest.mark.parametrize("thing", ["PublishNeed", "ResidentNeedPublished"])
def test_a_command_or_an_event_cannot_be_decided_and_others_can(thing: str) -> None:
    def forbidden() -> None:
        without(thing)
        Scenario(NEED).when(record).then(recorded)
        with pytest.raises(NothingSuchThere):
            Scenario(NEED).given(recorded).when(publish)

    Scenario(NEED).given(recorded).when(publish).then(published)
    in_child(forbidden)
