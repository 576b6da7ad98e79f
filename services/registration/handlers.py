"""What registration does about its own events: exit is complete. Withdrawn consent and erasure end the registration.

The erasing request destroys the key at once as well; the intent makes sure that it happens when that process died in between.
"""

from uuid import UUID

from services.registration import queries
from services.registration.domain.days import day_of
from services.registration.domain.registration import REGISTRATION
from services.registration.domain.registration_terms import CloseRegistration
from services.registration.vault import Vault
from shared.contracts.registration import ClosureReason, ConsentPurpose, ConsentWithdrawn, PersonalDataErased
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.web import Call


def react(event: Recorded) -> tuple[Intent, ...]:
    """Intents that follow from one event."""
    match event.data:
        case PersonalDataErased(member_id=member_id):
            payload = {"member_id": str(member_id)}
            return (
                Intent(f"destroy-key/{member_id}", "destroy_key", payload, event.time),
                Intent(f"leave/{event.id}", "close_registration", payload, event.time),
            )
        case ConsentWithdrawn(purpose=ConsentPurpose.DUAL_MANAGEMENT, member_id=member_id):
            return (Intent(f"leave/{event.id}", "close_registration", {"member_id": str(member_id)}, event.time),)
        case _:
            return ()


class Reactions:
    """Performs the intents. `vault` is put in place when the service starts."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    async def perform(self, intent: Intent, call: Call) -> None:
        """Idempotent: a key is destroyed once, a closed registration stays closed."""
        member_id = UUID(intent.payload["member_id"])
        if intent.kind == "destroy_key":
            await self._vault.destroy(call.district, member_id)
        elif intent.kind == "close_registration":
            await self._close(member_id, call)
        else:
            message = f"no reaction is called {intent.kind!r}"
            raise LookupError(message)

    async def _close(self, member_id: UUID, call: Call) -> None:
        async with call.read() as tx:
            active = await queries.active_registrations(tx, call.district, member_id)
        command = CloseRegistration(closed_on=day_of(call.now), reason=ClosureReason.WITHDRAWN)
        for registration_id in active:
            await call.step(str(registration_id)).handle(REGISTRATION, registration_id, command)
