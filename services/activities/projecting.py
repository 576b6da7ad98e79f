"""Events → rows of read_tables.sql, one module per part of the work.

Registration's events only touch `registrants`, our own everything else, so the order between the two sources does not matter.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Final

import asyncpg

from services.activities.gatherings.projections import activity
from services.activities.members.followed import followed
from services.activities.members.registrants import registrant
from services.activities.members.retained import retention
from services.activities.series.projections import calendar_link, series
from services.activities.writes import Writes
from shared.contracts.activities import MemberIdentityFollowed
from shared.eventlog.envelope import Recorded


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """Apply a batch in order; neighbours with the same statement go together."""
    writes = [write for event in batch for write in _writes(event)]
    for statement, group in groupby(writes, key=lambda write: write[0]):
        await tx.executemany(statement, [arguments for _, arguments in group])


def _writes(event: Recorded) -> Writes:
    if event.data is None:
        return ()
    if isinstance(event.data, MemberIdentityFollowed):
        return followed(event, event.data)
    subject = "registration" if event.service == "registration" else event.stream.partition("/")[0]
    project_one = BY_SUBJECT.get(subject)
    return () if project_one is None else project_one(event)


BY_SUBJECT: Final[Mapping[str, Callable[[Recorded], Writes]]] = {
    "registration": registrant,
    "activity": activity,
    "series": series,
    "calendar-link": calendar_link,
    "retention": retention,
}
