"""A machine-readable copy of the rows that a service holds about a member, for the member (guard rail G4)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.http.endpoints import Call
from shared.member_rows import copied_places


class OwnCopy(BaseModel):
    """Rows of the read model by table, as they are now; the member's names and numbers are in registration's copy alone."""

    service: str
    exported_at: datetime
    tables: dict[str, list[dict[str, Any]]]


async def own_copy(call: Call, entries: Sequence[UUID]) -> OwnCopy:
    """The rows that the service's features declare about members, as far as they are about this one. `entries`: all ids of the member."""
    places = copied_places(call.runtime.member_rows)
    async with call.read() as tx:
        tables = {
            table: [row["row"] for row in await tx.fetch(_statement(table, condition), entries, call.district)]
            for table, condition in places.items()
        }
    return OwnCopy(service=call.runtime.service, exported_at=call.now, tables=tables)


def _statement(table: str, condition: str) -> str:
    return f"SELECT to_jsonb(t) - 'district' AS row FROM {table} t WHERE t.district = $2 AND ({condition}) ORDER BY 1"  # noqa: S608 - names from declarations only
