"""The way to plaintext of others: the reading is recorded first (who, when, whose, what for), then the keys are handed out."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from services.registration.vault.keys import KeyRing, Vault
from shared.http.endpoints import Call

RECORD_ACCESS: Final = """
INSERT INTO personal_data_access (district, member_id, at, actor, purpose)
SELECT $1, member_id, $3, $4, $5 FROM unnest($2::uuid[]) AS member_id
ON CONFLICT DO NOTHING
"""


def vault_of(call: Call) -> Vault:
    """The open vault of this process."""
    vault: Vault = call.runtime.resources.vault
    return vault


async def opened(call: Call, member_ids: Collection[UUID], purpose: str, *, numbers: bool = False) -> KeyRing:
    """Keys of these members, with `numbers` also those of their citizen numbers, after recording who reads."""
    await record_access(call, member_ids, purpose)
    return await vault_of(call).key_ring(call.district, member_ids, numbers=numbers)


async def record_access(call: Call, member_ids: Collection[UUID], purpose: str) -> None:
    """Record who looks at whose personal data and what for; the members can read it."""
    if member_ids:
        async with call.write() as tx:
            await tx.execute(RECORD_ACCESS, call.district, list(member_ids), call.now, call.principal.subject, purpose)
