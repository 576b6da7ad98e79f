"""Logs say what happened and where, without personal data; metrics count by route, never by id."""

import json
import logging
import sys
from collections.abc import Iterator
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from shared.observability import QUIET_LOGGERS, JsonFormatter, Metrics, configure_logging, current_traceparent, log_context

MEMBER = UUID("0192f000-0000-7000-8000-000000000001")
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def line(record: logging.LogRecord) -> dict[str, object]:
    return json.loads(JsonFormatter("activities").format(record))


def record(message: str, **extra: object) -> logging.LogRecord:
    return logging.getLogger("test").makeRecord("test", logging.INFO, "f.py", 1, message, (), None, extra=extra)


def test_a_line_has_its_context_and_known_fields() -> None:
    with log_context(district="zhanqian", correlation_id=MEMBER):
        logged = line(record("applied", source="registration", count=3))
    assert logged["service"] == "activities"
    assert (logged["district"], logged["correlation_id"], logged["source"], logged["count"]) == ("zhanqian", str(MEMBER), "registration", 3)


def test_unknown_fields_are_dropped() -> None:
    assert "13800000000" not in json.dumps(line(record("registered", phone="13800000000")))


def test_an_error_is_logged_by_type_and_place_without_its_message() -> None:
    broken = record("failed")
    try:
        {}["11010519491231002X"]
    except KeyError:
        broken.exc_info = sys.exc_info()
    logged = line(broken)
    assert logged["error"] == "KeyError"
    assert "test_observability.py" in str(logged["at"])
    assert "11010519491231002X" not in json.dumps(logged)


@pytest.fixture
def configured() -> Iterator[None]:
    """Logging as a service configures it; taken back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging("activities")
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name in QUIET_LOGGERS:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.mark.usefixtures("configured")
async def test_the_http_client_does_not_log_whom_it_asks_about(caplog: pytest.LogCaptureFixture) -> None:
    async with httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: httpx2.Response(200))) as client:
        await client.get(f"http://registration/members/{MEMBER}")
    logging.getLogger("activities").info("answered")
    assert caplog.messages == ["answered"]


async def test_requests_are_timed_by_route_template_and_continue_the_trace() -> None:
    metrics = Metrics("activities")
    app = FastAPI()
    app.add_middleware(metrics.asgi_middleware)
    seen: list[str | None] = []

    @app.get("/members/{member_id}")
    async def member(member_id: UUID) -> str:
        seen.append(current_traceparent())
        return str(member_id)

    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://service", headers={"traceparent": TRACEPARENT}) as client:
        await client.get(f"/members/{MEMBER}")
        await client.get("/nothing/here")
    text = metrics.render().decode()
    assert 'guangcai_http_request_seconds_count{method="GET",route="/members/{member_id}",status="200"} 1.0' in text
    assert 'route="unmatched",status="404"' in text
    assert str(MEMBER) not in text
    assert seen[0] is not None
    assert seen[0].split("-")[1] == TRACEPARENT.split("-")[1]
