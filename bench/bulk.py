"""bulk: the import path (hundreds of one-event commands per call) beside COPY of the same rows into a bare table."""

import hashlib
from time import perf_counter

import asyncpg

from bench.events import DISTRICT, append, in_order_of_time
from bench.harness import Bench, Result
from shared.eventlog.envelope import tail_of
from shared.eventlog.log import EventLog

PER_CALL = 500
BARE_TABLE = """
CREATE TABLE bare (
    district text, sequence bigint, stream text, streamversion integer, command_id uuid, command_ord smallint, type text, body bytea,
    leaf_hash bytea, PRIMARY KEY (district, sequence))
"""


async def run(bench: Bench) -> Result:
    """Rates in events per second."""
    database, pool = await bench.migrated("activities")
    async with pool:
        log = EventLog(pool, "activities")
        bare = await asyncpg.connect(database.superuser_url)
        await bare.execute(BARE_TABLE)
        copied = 0

        async def ours(seconds: float) -> float:
            began, written = perf_counter(), 0
            while perf_counter() - began < seconds:
                await log.append(DISTRICT, [append(in_order_of_time()) for _ in range(PER_CALL)])
                written += PER_CALL
            return written / (perf_counter() - began)

        async def copy(seconds: float) -> float:
            nonlocal copied
            began, written = perf_counter(), 0
            while perf_counter() - began < seconds:
                rows = [_row(copied + number + 1) for number in range(PER_CALL)]
                await bare.copy_records_to_table("bare", records=rows)
                copied += PER_CALL
                written += PER_CALL
            return written / (perf_counter() - began)

        try:
            figures = await bench.alternate({"ours": ours, "copy": copy})
        finally:
            await bare.close()
    ratio = figures["ours"].median / figures["copy"].median
    values = {"ours": figures["ours"].median, "copy": figures["copy"].median, "ratio": ratio}
    return Result("bulk", "events/s", figures, values, {"ratio": 0.4})


def _row(sequence: int) -> tuple[object, ...]:
    """The row that the log would hold, made in Python."""
    command = append(in_order_of_time())
    [event] = command.events
    body = b"{" + tail_of(event, event_id=command.event_id(0), stream=command.after.stream, context=command.context)
    leaf = hashlib.sha256(b"\x00" + body).digest()
    return (DISTRICT, sequence, command.after.stream, 1, command.context.command_id, 0, event.type_name(), body, leaf)
