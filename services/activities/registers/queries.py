"""Registers of a community, and open affairs with their stages."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.registers import AffairStage

ENTRIES: Final = """
SELECT * FROM register_entries
WHERE district = $1 AND ($2::uuid IS NULL OR community_id = $2) AND ($3::text IS NULL OR kind = $3) AND ($4 OR closed_on IS NULL)
  AND ($5::uuid IS NULL OR entry_id > $5)
ORDER BY entry_id LIMIT $6
"""
AFFAIRS: Final = """
SELECT affair_id FROM affair_publications
WHERE district = $1 AND ($2::uuid IS NULL OR community_id = $2) AND ($3::uuid IS NULL OR affair_id > $3)
GROUP BY affair_id ORDER BY affair_id LIMIT $4
"""
PUBLICATIONS: Final = "SELECT * FROM affair_publications WHERE district = $1 AND affair_id = ANY($2) ORDER BY affair_id, number"


class EntryView(BaseModel):
    """A venue or partnership; `facts` as entered."""

    entry_id: UUID
    community_id: UUID
    kind: str
    organisation_id: UUID | None
    facts: dict[str, Any]
    closed_on: date | None
    reason: str | None


class Publication(BaseModel):
    """What was shown of an affair at one stage."""

    stage: AffairStage
    content: str
    responsible: str
    published_on: date
    comments_until: date | None


class AffairView(BaseModel):
    """An open affair with everything that was shown of it."""

    affair_id: UUID
    community_id: UUID
    subject: str
    publications: list[Publication]


@dataclass(frozen=True, slots=True)
class EntryListing:
    """Which entries of the registers."""

    community_id: UUID | None
    kind: str | None
    with_closed: bool
    after: UUID | None
    limit: int


async def entries(tx: asyncpg.Connection, district: str, wanted: EntryListing) -> list[EntryView]:
    """Register entries, one more than `limit` when there are more."""
    which = (wanted.community_id, wanted.kind, wanted.with_closed, wanted.after, wanted.limit + 1)
    return [EntryView.model_validate(dict(row)) for row in await tx.fetch(ENTRIES, district, *which)]


async def affairs(tx: asyncpg.Connection, district: str, community_id: UUID | None, after: UUID | None, limit: int) -> list[AffairView]:
    """Open affairs with their stages, one more than `limit` when there are more."""
    ids = [row["affair_id"] for row in await tx.fetch(AFFAIRS, district, community_id, after, limit + 1)]
    found: dict[UUID, AffairView] = {}
    for row in await tx.fetch(PUBLICATIONS, district, ids):
        ids_of_row = {name: row[name] for name in ("affair_id", "community_id", "subject")}
        found.setdefault(row["affair_id"], AffairView(**ids_of_row, publications=[])).publications.append(
            Publication.model_validate(dict(row))
        )
    return list(found.values())
