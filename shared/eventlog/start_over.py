"""Folds one district anew after a log has lost events that were applied: delete its rows, begin at the first event, say so meanwhile.

Invariant: rows, checkpoints and the mark in `rebuilding` change in one transaction, as the service's own role; while the mark is there,
queries of the district are refused (GC005, `Call.read`).
"""

from typing import Final

from shared.eventlog.database import Database
from shared.eventlog.log import Mark

Lane = tuple[str, str]  # (source service, district)

UNFINISHED: Final = "SELECT source FROM rebuilding WHERE district = $1"
# All of them, in the same order everywhere: whoever applies an event or decides about a parked one holds one of these rows.
HOLD: Final = "SELECT source, position, leaf_hash FROM checkpoints WHERE district = $1 ORDER BY source FOR UPDATE"
TABLES: Final = """
SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r'
AND relname NOT IN ('read_model', 'checkpoints', 'rebuilding') ORDER BY relname
"""
RESET: Final = "UPDATE checkpoints SET position = 0, leaf_hash = '' WHERE district = $1"
BEGIN: Final = "INSERT INTO rebuilding VALUES ($1, $2, $3) ON CONFLICT (district) DO UPDATE SET source = $2, position = $3"
FINISH: Final = "DELETE FROM rebuilding WHERE district = $1"
REFUSE_REBUILDING: Final = "SELECT refuse_rebuilding()"
REBUILDING: Final = "GC005"
DELETE_WITHIN: Final = 600.0  # seconds per table


async def start_over(database: Database, lane: Lane, mark: Mark) -> bool:
    """Delete the rows of the lane's district. False, and nothing is deleted, when its checkpoint is not at `mark` any more."""
    source, district = lane
    async with database.district(district) as tx:
        held = {row["source"]: Mark(row["position"], row["leaf_hash"]) for row in await tx.fetch(HOLD, district)}
        if held.get(source) != mark:
            return False
        for table in await tx.fetch(TABLES):
            await tx.execute(f'DELETE FROM "{table["relname"]}" WHERE district = $1', district, timeout=DELETE_WITHIN)  # noqa: S608 - from pg_class
        await tx.execute(RESET, district)
        await tx.execute(BEGIN, district, source, mark.sequence)
    return True


async def finish(database: Database, district: str) -> None:
    """Let queries of the district through again."""
    async with database.district(district) as tx:
        await tx.execute(FINISH, district)
