"""The access log is deleted month by month; each month follows from the one before, the first from the organisations without which nobody
looks at anything.
"""

from collections.abc import Iterator
from datetime import date
from typing import ClassVar, Final

from services.registration.access_log import queries
from services.registration.access_log.retention import ACCESS_LOG, ACCESS_RETENTION, YEARS, ApplyAccessRetention
from shared.calendar.local_time import day_begins, local_day
from shared.contracts.registration.changes import AccessRetentionApplied
from shared.contracts.registration.organisations import OrganisationEstablished
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call
from shared.privacy.retention import given_up_on, month_after


class ApplyRetentionUntil(Task):
    """Decide that entries before that day are not kept any longer."""

    KIND: ClassVar[str] = "retain_accesses"
    until: date


class DeleteEntries(Task):
    """Delete the entries before that day."""

    KIND: ClassVar[str] = "forget_accesses"
    until: date


def established(event: Recorded, _data: OrganisationEstablished) -> Iterator[Intent]:
    """From the first month on."""
    yield _apply_retention(month_after(local_day(event.time)))


def applied(event: Recorded, data: AccessRetentionApplied) -> Iterator[Intent]:
    """Delete this month, and come back for the next."""
    yield DeleteEntries(until=data.until).intent(f"forget-accesses/{data.until}", event.time)
    yield _apply_retention(month_after(data.until))


def _apply_retention(until: date) -> Intent:
    return ApplyRetentionUntil(until=until).intent(f"retain-accesses/{until}", day_begins(given_up_on(until, YEARS)))


async def apply_retention(task: ApplyRetentionUntil, call: Call) -> None:
    """Decided once per month."""
    begins_on = (await call.state(ACCESS_RETENTION, ACCESS_LOG)).begins_on
    since = None if begins_on is None else day_begins(begins_on)  # older ones are counted, even if they are not deleted yet
    async with call.write() as tx:
        entries = await queries.count(tx, call.district, day_begins(task.until), since)
    command = ApplyAccessRetention(until=task.until, entries=entries, applied_on=local_day(call.now))
    await call.handle(ACCESS_RETENTION, ACCESS_LOG, command)


async def delete_entries(task: DeleteEntries, call: Call) -> None:
    """What is deleted stays deleted."""
    are_left = True
    while are_left:
        async with call.write() as tx:
            are_left = await queries.delete_before(tx, call.district, day_begins(task.until))


REACTIONS: Final[Reactions] = {OrganisationEstablished: established, AccessRetentionApplied: applied}
PERFORMERS: Final[Performers] = {ApplyRetentionUntil: apply_retention, DeleteEntries: delete_entries}
