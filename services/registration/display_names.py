"""What people call organisations and members: names and printed numbers, which take the place of ids in lists and on papers."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

ORGANISATION_NAMES: Final = "SELECT organisation_id, name FROM organisations WHERE district = $1"
MEMBER_NUMBERS: Final = "SELECT member_id, member_no FROM member_directory WHERE district = $1 AND member_id = ANY($2)"


async def organisation_names(tx: asyncpg.Connection, district: str) -> dict[UUID, str]:
    """What organisations are called."""
    return {row["organisation_id"]: row["name"] for row in await tx.fetch(ORGANISATION_NAMES, district)}


async def member_numbers(tx: asyncpg.Connection, district: str, member_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Printable numbers of these members."""
    return {row["member_id"]: row["member_no"] for row in await tx.fetch(MEMBER_NUMBERS, district, member_ids)}
