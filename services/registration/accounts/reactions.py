"""The account of an entry that was merged goes to the entry that stays."""

from collections.abc import Iterator
from contextlib import suppress
from typing import ClassVar, Final
from uuid import UUID

from services.registration.members.account import AccountTaken, TakeOverAccount
from services.registration.members.member import MEMBER
from services.registration.members.state import Enrolled, Merged
from shared.contracts.registration.accounts import AccountReleaseReason, MemberAccountReleased
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call


class CarryAccount(Task):
    """Let the account of a merged entry act as the entry that stays."""

    KIND: ClassVar[str] = "carry_account"
    member_id: UUID
    account_hash: str


def released(event: Recorded, data: MemberAccountReleased) -> Iterator[Intent]:
    """Only an account that was released by a merge."""
    if data.reason is AccountReleaseReason.MERGED:
        task = CarryAccount(member_id=data.member_id, account_hash=data.account_hash)
        yield task.intent(f"carry-account/{event.id}", event.time)


async def carry_account(task: CarryAccount, call: Call) -> None:
    """Follow the merges to the entry that stays, however many there were."""
    state, seen = await call.state(MEMBER, task.member_id), set[UUID]()
    while isinstance(state, Merged) and state.member_id not in seen:  # merged both ways at one moment, they go in circles
        seen.add(state.member_id)
        state = await call.state(MEMBER, state.into_member_id)
    if isinstance(state, Enrolled):
        with suppress(AccountTaken):  # it has claimed another member meanwhile
            await call.handle(MEMBER, state.member_id, TakeOverAccount(account_hash=task.account_hash))


REACTIONS: Final[Reactions] = {MemberAccountReleased: released}
PERFORMERS: Final[Performers] = {CarryAccount: carry_account}
