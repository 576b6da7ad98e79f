"""What follows from events about registrations and work units: a transfer opens the new registration, a new work unit takes over, a missing
renewal is reminded of.

The request that accepts a transfer opens the new registration as well; the intent makes sure of it when that process died in between.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import ClassVar, Final
from uuid import UUID

from services.registration.registrations import queries
from services.registration.registrations.registration import REGISTRATION
from services.registration.registrations.renewals import RemindOfRenewal
from services.registration.registrations.transfer_completion import complete_transfer
from services.registration.registrations.transfers import FollowWorkUnit
from shared.calendar.local_time import day_begins, local_day
from shared.contracts.registration.changes import RegistrationTransferred
from shared.contracts.registration.members import WorkUnitChanged
from shared.contracts.registration.registrations import RegistrationConfirmed, RegistrationRenewed, RegistrationResumed
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call

RENEWED_EVERY: Final = timedelta(days=183)


class CompleteTransfer(Task):
    """Open the registration that takes the place of this one."""

    KIND: ClassVar[str] = "complete_transfer"
    registration_id: UUID


class PassToWorkUnit(Task):
    """Let the registration follow its member to another work unit."""

    KIND: ClassVar[str] = "follow_work_unit"
    member_id: UUID
    unit_id: UUID


class RemindUnlessRenewed(Task):
    """Remind the member unless the registration was renewed after the day `since`."""

    KIND: ClassVar[str] = "remind_of_renewal"
    registration_id: UUID
    since: date


def transferred(event: Recorded, data: RegistrationTransferred) -> Iterator[Intent]:
    """At once."""
    yield CompleteTransfer(registration_id=data.registration_id).intent(f"transfer/{data.registration_id}", event.time)


def unit_changed(event: Recorded, data: WorkUnitChanged) -> Iterator[Intent]:
    """At once."""
    yield PassToWorkUnit(member_id=data.member_id, unit_id=data.unit_id).intent(f"follow/{event.id}", event.time)


def renewal_begins(event: Recorded, data: RegistrationConfirmed | RegistrationResumed | RegistrationRenewed) -> Iterator[Intent]:
    """Half a year later the next renewal is due."""
    since = local_day(event.time)
    task = RemindUnlessRenewed(registration_id=data.registration_id, since=since)
    yield task.intent(f"renewal/{event.id}", day_begins(since + RENEWED_EVERY))


async def open_transferred(task: CompleteTransfer, call: Call) -> None:
    """A transfer opens one registration."""
    await complete_transfer(call, task.registration_id)


async def pass_to_work_unit(task: PassToWorkUnit, call: Call) -> None:
    """A registration that has followed before stays as it is."""
    async with call.read() as tx:
        active = await queries.active_registrations(tx, call.district, task.member_id)
    for registration_id in active:
        await call.step(str(registration_id)).handle(REGISTRATION, registration_id, FollowWorkUnit(unit_id=task.unit_id))


async def remind_unless_renewed(task: RemindUnlessRenewed, call: Call) -> None:
    """One reminder in half a year."""
    reminder = RemindOfRenewal(since=task.since, due_on=local_day(call.now))
    await call.handle(REGISTRATION, task.registration_id, reminder)


REACTIONS: Final[Reactions] = {
    RegistrationTransferred: transferred,
    WorkUnitChanged: unit_changed,
    RegistrationConfirmed: renewal_begins,
    RegistrationResumed: renewal_begins,
    RegistrationRenewed: renewal_begins,
}
PERFORMERS: Final[Performers] = {
    CompleteTransfer: open_transferred,
    PassToWorkUnit: pass_to_work_unit,
    RemindUnlessRenewed: remind_unless_renewed,
}
