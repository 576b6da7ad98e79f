"""What follows from events about members, for other entries of the same person."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from services.registration.members import queries
from services.registration.members.member import MEMBER, EraseMember
from shared.contracts.registration.members import PersonalDataErased
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class EraseMerged(Task):
    """Erase the entries that were merged into this one."""

    KIND: ClassVar[str] = "erase_merged"
    member_id: UUID


def erased(event: Recorded, data: PersonalDataErased) -> Iterator[Intent]:
    """What is known of the person under other entries goes as well."""
    yield EraseMerged(member_id=data.member_id).intent(f"erase-merged/{data.member_id}", event.time)


async def erase_merged(task: EraseMerged, call: Call) -> None:
    """An erased entry stays erased."""
    async with call.read() as tx:
        entries = await queries.merged_into(tx, call.district, task.member_id)
    for entry in entries:
        await call.step(str(entry)).handle(MEMBER, entry, EraseMember())


REACTIONS: Final[Reactions] = {PersonalDataErased: erased}
PERFORMERS: Final[Performers] = {EraseMerged: erase_merged}
