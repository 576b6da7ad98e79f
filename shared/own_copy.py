"""What a service holds about a member, row by row, for the member and as a machine reads it (guard rail G4)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.web import Call


class OwnCopy(BaseModel):
    """Rows of the read model by table, as they are now; the member's names and numbers are in registration's copy alone."""

    service: str
    exported_at: datetime
    tables: dict[str, list[dict[str, Any]]]


async def own_copy(call: Call, service: str, entries: Sequence[UUID], places: Mapping[str, str]) -> OwnCopy:
    """Everything in `places`: table → which rows are the member's ($1: all ids of theirs); the district is the transaction's."""
    async with call.read() as tx:
        tables = {
            table: [
                row["row"]
                for row in await tx.fetch(f"SELECT to_jsonb(t) - 'district' AS row FROM {table} t WHERE {condition} ORDER BY 1", entries)  # noqa: S608 - constants of the caller
            ]
            for table, condition in places.items()
        }
    return OwnCopy(service=service, exported_at=call.now, tables=tables)
