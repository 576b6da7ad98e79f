"""What events do to keys and to the index of identities.

A request that erases destroys the key itself as well; the intent makes sure of it when that process died in between.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from services.registration.vault.access import vault_of
from shared.contracts.registration.changes import MemberIdentitiesMerged, RetentionApplied, RetentionKind
from shared.contracts.registration.members import PersonalDataErased
from shared.contracts.registration.organisations import OfficeEnded
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call

OFFICE_NAME_KEPT: Final = timedelta(days=183)  # after the office ended


class DestroyKey(Task):
    """Make everything unreadable that was sealed for this member, or for this office."""

    KIND: ClassVar[str] = "destroy_key"
    member_id: UUID


class DestroyNumber(Task):
    """Make the member's citizen number unreadable."""

    KIND: ClassVar[str] = "destroy_number"
    member_id: UUID


class MoveIdentities(Task):
    """Let the person behind one entry be found as the other one."""

    KIND: ClassVar[str] = "move_identities"
    member_id: UUID
    into_member_id: UUID


def erased(event: Recorded, data: PersonalDataErased) -> Iterator[Intent]:
    """The member's key goes at once."""
    yield DestroyKey(member_id=data.member_id).intent(f"destroy-key/{data.member_id}", event.time)


def office_ended(event: Recorded, data: OfficeEnded) -> Iterator[Intent]:
    """The name of whoever held the office goes half a year later."""
    yield DestroyKey(member_id=data.office_id).intent(f"forget-holder/{data.office_id}", event.time + OFFICE_NAME_KEPT)


def retention_applied(event: Recorded, data: RetentionApplied) -> Iterator[Intent]:
    """The citizen number is not kept any longer."""
    if data.kind is RetentionKind.CITIZEN_NUMBER:
        yield DestroyNumber(member_id=data.member_id).intent(f"destroy-number/{data.member_id}", event.time)


def merged(event: Recorded, data: MemberIdentitiesMerged) -> Iterator[Intent]:
    """Both entries are one person."""
    yield MoveIdentities(member_id=data.member_id, into_member_id=data.into_member_id).intent(f"merge/{data.member_id}", event.time)


async def destroy_key(task: DestroyKey, call: Call) -> None:
    """A key is destroyed once."""
    await vault_of(call).destroy(call.district, task.member_id)


async def destroy_number(task: DestroyNumber, call: Call) -> None:
    """So is the key of the number."""
    await vault_of(call).destroy_number(call.district, task.member_id)


async def move_identities(task: MoveIdentities, call: Call) -> None:
    """Moved twice, they are where they were moved to."""
    await vault_of(call).move_identities(call.district, task.member_id, task.into_member_id)


REACTIONS: Final[Reactions] = {
    PersonalDataErased: erased,
    OfficeEnded: office_ended,
    RetentionApplied: retention_applied,
    MemberIdentitiesMerged: merged,
}
PERFORMERS: Final[Performers] = {DestroyKey: destroy_key, DestroyNumber: destroy_number, MoveIdentities: move_identities}
