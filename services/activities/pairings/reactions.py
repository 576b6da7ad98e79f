"""Whoever's registration ends leaves the pairings they take part in."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.activities.pairings import queries
from services.activities.pairings.pairing import PAIRING, LeavePairing
from shared.contracts.activities.codes import ReleaseReason
from shared.contracts.registration.registrations import RegistrationClosed
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class LeavePairings(Task):
    """End a member's part in every pairing."""

    KIND: ClassVar[str] = "leave_pairings"

    member_id: UUID


def registration_closed(event: Recorded, data: RegistrationClosed) -> Iterator[Intent]:
    """One intent per registration."""
    yield LeavePairings(member_id=data.member_id).intent(f"leave-pairings/{data.registration_id}", event.time)


async def leave_pairings(task: LeavePairings, call: Call) -> None:
    """A pairing that has ended is left alone by the aggregate."""
    async with call.read() as tx:
        found = await queries.pairings_of(tx, call.district, task.member_id)
    command = LeavePairing(member_id=task.member_id, by_member=False, reason=ReleaseReason.REGISTRATION_CLOSED)
    for pairing_id in found:
        await call.step(str(pairing_id)).handle(PAIRING, pairing_id, command)


REACTIONS: Final[Reactions] = {RegistrationClosed: registration_closed}
PERFORMERS: Final[Performers] = {LeavePairings: leave_pairings}
