"""Parked events: who may see them and decide about them, and the decisions (shared/eventlog/parking.py)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.parked import ParkedDecision, ParkedEvent
from shared.contracts.values import HAS_LINES
from shared.eventlog import parking
from shared.eventlog.envelope import decode
from shared.http.answers import Malformed
from shared.http.endpoints import Call, CommandAnswer, Policy, allow_by
from shared.identity import Role
from shared.runtime.parts import Parts

POLICY: Final[Policy] = {
    "see_parked": frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR}),
    "decide_parked": frozenset({Role.SYSTEM_ADMIN}),
}
allow = allow_by(POLICY)
router = APIRouter(prefix="/operations/parked", tags=["operations"])


class Stream(BaseModel):
    """Which parked stream, and why this was decided. Personal data do not belong in a reason: it stays in the log."""

    model_config = ConfigDict(extra="forbid")

    source: str
    stream: str
    reason: Annotated[str, Field(min_length=3, max_length=200)]


class Skipped(Stream):
    """Which events are left out for good: only those that are named, the first one of the stream if none is."""

    sequences: Annotated[tuple[int, ...], Field(max_length=200)] = ()


class Replaced(Stream):
    """Texts in place of those in the data of the stream's first parked event, by path, such as "duties" or "skills.0"."""

    texts: Annotated[dict[Annotated[str, Field(max_length=200)], Annotated[str, HAS_LINES, Field(max_length=2000)]], Field(min_length=1)]


class ParkedEntry(BaseModel):
    """One event that could not be applied: position, kind and error, not its content."""

    source: str
    sequence: int
    type: str
    stream: str
    error: str


class Decision(BaseModel):
    """What an operator decided, when and why."""

    position: int
    decided_at: datetime
    actor: str
    source: str
    stream: str
    decision: ParkedDecision
    events: tuple[ParkedEvent, ...]
    reason: str


@router.get("")
async def list_parked(request: Request, call: Annotated[Call, Depends(allow("see_parked"))]) -> list[ParkedEntry]:
    """Events that could not be applied: position, kind and error, not their content."""
    parts: Parts = request.app.state.parts
    return [
        ParkedEntry(source=each.source, sequence=each.sequence, type=each.event.type, stream=each.stream, error=each.error)
        for each in await parking.parked(parts.database, call.district)
    ]


@router.get("/decisions")
async def list_decisions(request: Request, call: Annotated[Call, Depends(allow("see_parked"))]) -> list[Decision]:
    """Every decision of operators, from the service's own log."""
    parts: Parts = request.app.state.parts
    return [
        Decision(position=each.sequence, decided_at=each.time, actor=each.actor, **each.data.model_dump(exclude={"texts"}))
        for each in await parking.decisions(parts.database, call.district)
        if each.data is not None
    ]


@router.post("/retry")
async def retry_parked(body: Stream, call: Annotated[Call, Depends(allow("decide_parked"))]) -> CommandAnswer:
    """Apply the parked events of a stream in order, up to the first one that still cannot be applied."""
    waiting = await parking.parked_of(call.runtime.database, call.district, body.source, body.stream)
    return await _decide(call, body, ParkedDecision.RETRIED, [each.event for each in waiting])


@router.post("/skip")
async def skip_parked(body: Skipped, call: Annotated[Call, Depends(allow("decide_parked"))]) -> CommandAnswer:
    """Leave events of a parked stream out for good; what waits behind them is applied."""
    waiting = await parking.parked_of(call.runtime.database, call.district, body.source, body.stream)
    named = [each.event for each in waiting if each.sequence in (body.sequences or (waiting[0].sequence,))]
    if len(named) < len(set(body.sequences)):
        raise Malformed(sequences="positions of parked events of this stream")
    return await _decide(call, body, ParkedDecision.SKIPPED, named)


@router.post("/replace")
async def replace_parked(body: Replaced, call: Annotated[Call, Depends(allow("decide_parked"))]) -> CommandAnswer:
    """Apply the first parked event of a stream with other texts, then what waits behind it. Its bytes in the log stay as they are."""
    waiting = await parking.parked_of(call.runtime.database, call.district, body.source, body.stream)
    if waiting:
        try:
            repaired = parking.with_texts(decode(waiting[0].body), body.texts)
        except LookupError:
            raise Malformed(texts="paths of texts in the data of the event") from None
        if repaired.problem is not None:
            raise Malformed(texts=repaired.problem)
    return await _decide(call, body, ParkedDecision.REPLACED, [each.event for each in waiting[:1]], body.texts)


async def _decide(
    call: Call, body: Stream, decision: ParkedDecision, events: Sequence[ParkedEvent], texts: Mapping[str, str] | None = None
) -> CommandAnswer:
    command = parking.DecideParked(
        service=call.runtime.service,
        source=body.source,
        stream=body.stream,
        decision=decision,
        events=tuple(events),
        texts=dict(texts or {}),
        reason=body.reason,
    )
    answer = await call.handle(parking.PARKED_STREAM, parking.stream_id_of(body.source, body.stream), command)
    return answer.model_copy(update={"result": {"decision": decision, "events": [each.model_dump() for each in events]}})
