"""What papers say about a member."""

from uuid import UUID

from services.registration.citizen_number import masked
from services.registration.members import queries
from services.registration.vault.access import opened
from services.registration.willingness import in_words
from shared.contracts.service_preference import ServicePreference
from shared.http.answers import NotFound
from shared.http.endpoints import Call


async def member_lines(call: Call, member_id: UUID, purpose: str) -> dict[str, str]:
    """What papers say about a member; the reading is recorded. Raises NotFound."""
    async with call.read() as tx:
        row = await queries.member(tx, call.district, member_id)
    if row is None:
        raise NotFound
    ring = await opened(call, [member_id], purpose, numbers=True)
    number = ring.open(member_id, "citizen_number", row["citizen_number_sealed"])
    return {
        "name": ring.open(member_id, "name", row["name_sealed"]) or "",
        "citizen_number": "" if number is None else masked(number),
        "member_no": row["member_no"],
        "skills": "、".join(row["skills"]),
        "preferences": "、".join(row["preferences"]),
        "willingness": in_words(ServicePreference.model_validate(row["willingness"])),
    }
