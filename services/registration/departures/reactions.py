"""A member leaves: registrations here and in other districts end, and half a year later the citizen number is not kept any longer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from services.registration.crossings import queries as crossings
from services.registration.crossings.crossing import CROSSING, EndAway
from services.registration.members.corrections import ApplyRetention
from services.registration.members.member import MEMBER
from services.registration.registrations import queries as registrations
from services.registration.registrations.registration import REGISTRATION, CloseRegistration
from shared.calendar.local_time import local_day
from shared.contracts.registration.changes import RetentionKind
from shared.contracts.registration.codes import ClosureReason, ConsentPurpose
from shared.contracts.registration.members import ConsentWithdrawn, PersonalDataErased
from shared.contracts.registration.registrations import RegistrationClosed
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call

NUMBER_KEPT: Final = timedelta(days=183)  # after the registration ended
NEEDED: Final = frozenset({ConsentPurpose.DUAL_MANAGEMENT, ConsentPurpose.CROSS_DISTRICT})  # without these nobody is registered


class EndRegistrations(Task):
    """End whatever registration the member has, here or in another district."""

    KIND: ClassVar[str] = "close_registration"
    member_id: UUID


class ForgetNumber(Task):
    """Stop keeping the citizen number of a member who is not registered any more."""

    KIND: ClassVar[str] = "retain_no_longer"
    member_id: UUID


def erased(event: Recorded, data: PersonalDataErased) -> Iterator[Intent]:
    """Who is erased is registered nowhere."""
    yield EndRegistrations(member_id=data.member_id).intent(f"leave/{event.id}", event.time)


def consent_withdrawn(event: Recorded, data: ConsentWithdrawn) -> Iterator[Intent]:
    """Without consent nobody stays registered."""
    if data.purpose in NEEDED:
        yield EndRegistrations(member_id=data.member_id).intent(f"leave/{event.id}", event.time)


def registration_closed(event: Recorded, data: RegistrationClosed) -> Iterator[Intent]:
    """Half a year later nobody needs the citizen number."""
    yield ForgetNumber(member_id=data.member_id).intent(f"retention/{event.id}", event.time + NUMBER_KEPT)


async def end_registrations(task: EndRegistrations, call: Call) -> None:
    """What has ended before stays as it is."""
    async with call.read() as tx:
        active = await registrations.active_registrations(tx, call.district, task.member_id)
    close = CloseRegistration(closed_on=local_day(call.now), reason=ClosureReason.WITHDRAWN)
    for registration_id in active:
        await call.step(str(registration_id)).handle(REGISTRATION, registration_id, close)
    async with call.read() as tx:
        live = await crossings.live_of(tx, call.district, task.member_id)
    end = EndAway(ended_on=local_day(call.now), reason=ClosureReason.WITHDRAWN)
    for crossing_id in live:
        await call.step(str(crossing_id)).handle(CROSSING, crossing_id, end)


async def forget_number(task: ForgetNumber, call: Call) -> None:
    """Who has registered again meanwhile keeps it."""
    async with call.read() as tx:
        active = await registrations.active_registrations(tx, call.district, task.member_id)
    if not active:
        applied = ApplyRetention(kind=RetentionKind.CITIZEN_NUMBER, applied_on=local_day(call.now))
        await call.handle(MEMBER, task.member_id, applied)


REACTIONS: Final[Reactions] = {PersonalDataErased: erased, ConsentWithdrawn: consent_withdrawn, RegistrationClosed: registration_closed}
PERFORMERS: Final[Performers] = {EndRegistrations: end_registrations, ForgetNumber: forget_number}
