"""An envelope is parsed in one pass when its type is known; both ways of parsing give the same result."""

from typing import Any, ClassVar

import orjson
import pytest

from shared.contracts.event import Event
from shared.eventlog.envelope import Context, Malformed, decode, tail_of
from tests.shared.eventlog.ledger import SPACE, START, Counted

CONTEXT = Context("a", SPACE, START, "somebody")


def envelope(**changed: Any) -> dict[str, Any]:
    tail = orjson.loads(b"{" + tail_of(Counted(amount=7), event_id=SPACE, stream=f"account/{SPACE}", context=CONTEXT))
    return {"sequence": "000000000012", "streamversion": 3, "recordedtime": "2026-01-01T00:00:00Z", **tail, **changed}


def test_what_an_envelope_says_is_read() -> None:
    event = decode(orjson.dumps(envelope()))
    assert (event.data, event.problem, event.sequence, event.stream_version) == (Counted(amount=7), None, 12, 3)
    assert (event.id, event.stream_id, event.time, event.recorded_time, event.actor) == (SPACE, SPACE, START, START, "somebody")
    assert (event.district, event.service, event.correlation_id, event.causation_id) == ("a", "ledger", SPACE, None)


def test_the_order_of_attributes_and_what_else_is_said_do_not_matter() -> None:
    said = envelope()
    misleading = {"data": {"type": "guangcai.ledger.Named.v1", **said.pop("data")}, "later": [1], **said}
    assert decode(orjson.dumps(misleading))[1:] == decode(orjson.dumps(envelope()))[1:]


def test_the_first_event_of_a_type_that_a_process_sees_is_read() -> None:
    class Unseen(Event):
        TYPE: ClassVar[str] = "guangcai.ledger.Unseen"
        VERSION: ClassVar[int] = 1
        amount: int

    assert not Unseen.__pydantic_complete__  # its validator is built now, not at import
    event = decode(orjson.dumps(envelope(type="guangcai.ledger.Unseen.v1")))
    assert (event.data, event.problem) == (Unseen(amount=7), None)


def test_an_unknown_type_has_no_data_and_no_problem() -> None:
    event = decode(orjson.dumps(envelope(type="guangcai.ledger.Dreamt.v1")))
    assert (event.data, event.problem) == (None, None)


@pytest.mark.parametrize("data", [{}, {"amount": "much"}, None, [1]])
def test_data_that_do_not_fit_are_a_problem_at_a_known_position(data: object) -> None:
    event = decode(orjson.dumps(envelope(data=data)))
    assert event.data is None
    assert event.problem is not None
    assert event.problem.startswith("guangcai.ledger.Counted.v1 does not fit its contract")
    assert event.sequence == 12


@pytest.mark.parametrize("changed", [{"sequence": 0}, {"source": "/elsewhere"}, {"id": "7"}, {"time": "2026-01-01T00:00:00"}])
def test_what_is_no_envelope_is_refused_and_only_its_fields_are_named(changed: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match=f"not an event envelope: {next(iter(changed))}$"):
        decode(orjson.dumps(envelope(**changed)))


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b'{"type":"', b"[]", b"null"])
def test_bytes_that_are_no_json_object_of_ours_are_refused(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body)
