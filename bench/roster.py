"""roster: a workbook of twenty thousand people → rows, problems and remarks, with every check.

Reference: calamine alone lays out the same sheet, in this process.
"""

import asyncio
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter
from uuid import UUID

from python_calamine import CalamineWorkbook

from bench.harness import Bench, Result
from ops.demo import make_roster
from services.registration.rosters.roster import read_roster
from services.registration.rosters.row_reader import Directory
from shared.contracts.registration.codes import OccupationGroup

ROWS, ROWS_WHEN_QUICK = 19_900, 2_000  # with titles, sums and four bad rows below the limit of 20,000
TODAY = date(2026, 3, 2)


async def run(bench: Bench) -> Result:
    """Rows per second of both."""
    content = make_roster.workbook(Path(bench.servers.directory), ROWS_WHEN_QUICK if bench.is_quick else ROWS)
    rows = ROWS_WHEN_QUICK if bench.is_quick else ROWS
    units = {unit.name: (UUID(int=place), OccupationGroup[unit.occupation_group]) for place, unit in enumerate(make_roster.UNITS, 1)}
    directory = Directory(units, {community.name: UUID(int=place) for place, community in enumerate(make_roster.COMMUNITIES, 101)})

    def ours() -> None:
        assert len(read_roster(content, directory, None, TODAY).rows) == rows

    def plain() -> None:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            book.get_sheet_by_index(0).to_python()

    async def rate(read: Callable[[], None], seconds: float) -> float:
        began, times = perf_counter(), 0
        while not times or perf_counter() - began < seconds:
            await asyncio.to_thread(read)
            times += 1
        return rows * times / (perf_counter() - began)

    figures = await bench.alternate(
        {"guangcai": lambda seconds: rate(ours, seconds), "calamine alone": lambda seconds: rate(plain, seconds)}
    )
    ratio = figures["guangcai"].median / figures["calamine alone"].median
    values = {"rows": rows, "rows_per_second": round(figures["guangcai"].median), "ratio": round(ratio, 3)}
    return Result("roster", "rows/s", figures, values)
