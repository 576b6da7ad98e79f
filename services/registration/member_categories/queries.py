"""Members by category: what communities declared, and the in-service ones as the report of registrants (R1) counts them."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.registration.member_categories.partition import Cell, partitions, sums
from services.registration.programmes.programme import IN_SERVICE, MEMBER_CATEGORIES, TOTAL
from services.registration.programmes.queries import programme_on
from services.registration.reports.queries import registrant_report
from shared.privacy.small_cells import suppressed_along
from shared.texts import text

COMMUNITIES: Final = """
SELECT c.organisation_id, c.name, c.parent_id AS street_id, s.name AS street_name, m.as_of, m.counts
FROM organisations c
JOIN organisations s ON s.district = c.district AND s.organisation_id = c.parent_id
LEFT JOIN member_counts m ON m.district = c.district AND m.community_id = c.organisation_id
WHERE c.district = $1 AND c.kind = 'COMMUNITY' AND c.dissolved_on IS NULL ORDER BY s.name, c.name
"""


class MemberCategory(BaseModel):
    """One category of the programme; those not declared are counted by the system."""

    category: str
    category_name: str
    is_declared: bool


class CategoryCount(BaseModel):
    """One part of a partition, or its total. `count` None: too small to be published; `as_of` None: the community has declared nothing."""

    organisation_id: UUID | None = None
    name: str | None = None
    as_of: date | None = None
    category: str
    category_name: str
    count: int | None


class MemberCategoryReport(BaseModel):
    """Partitions of the district, its streets and its communities. Of `undeclared` communities only in-service members are in the sums."""

    total: int | None
    undeclared: int
    district: list[CategoryCount]
    streets: list[CategoryCount]
    communities: list[CategoryCount]


async def words(tx: asyncpg.Connection, district: str, day: date) -> dict[str, str]:
    """The categories that communities declare on this day, as the programme calls them."""
    programme = await programme_on(tx, district, day)
    own = {} if programme is None else programme.member_categories
    return own or {each: text("registration", "labels", f"category_{each}").zh for each in MEMBER_CATEGORIES}


async def categories(tx: asyncpg.Connection, district: str, day: date) -> list[MemberCategory]:
    """The code table of this day."""
    declared = await words(tx, district, day)
    named = declared | {IN_SERVICE: _word(IN_SERVICE, {})}
    return [MemberCategory(category=each, category_name=word, is_declared=each in declared) for each, word in named.items()]


async def report(tx: asyncpg.Connection, district: str, day: date, managed: Collection[UUID] | None) -> MemberCategoryReport:
    """Every partition; None in `managed`: all of them are the reader's, otherwise small counts of other organisations are hidden (G12)."""
    rows = await tx.fetch(COMMUNITIES, district)
    registrants = await registrant_report(tx, district, is_public=False)
    in_service = {each.community_id: each.count or 0 for each in registrants.by_community if each.community_id is not None}
    streets: dict[UUID, UUID] = {row["organisation_id"]: row["street_id"] for row in rows}
    counts: dict[UUID, dict[str, int]] = {row["organisation_id"]: dict(row["counts"] or ()) for row in rows}
    for community_id, declared in counts.items():
        declared[IN_SERVICE] = in_service.get(community_id, 0)
    cells = partitions(streets, counts)
    shown: Mapping[Cell, int | None] = cells
    if managed is not None:  # what the report of registrants hides must not come out here, and what it shows is known
        public = await registrant_report(tx, district, is_public=True)
        already: dict[Cell, int | None] = {(each.community_id, IN_SERVICE): each.count for each in public.by_community}
        own = {cell: count for cell, count in cells.items() if cell[0] in managed}
        shown = suppressed_along(cells, sums(streets, cells), already | {(None, IN_SERVICE): registrants.total} | own)
    known = await words(tx, district, day)
    by_street = {row["street_id"]: {"organisation_id": row["street_id"], "name": row["street_name"]} for row in rows}
    return MemberCategoryReport(
        total=shown.get((None, TOTAL), 0),
        undeclared=sum(row["as_of"] is None for row in rows),
        district=_lines(shown, known, {}),
        streets=[line for street in by_street.values() for line in _lines(shown, known, street)],
        communities=[
            line for row in rows for line in _lines(shown, known, {name: row[name] for name in ("organisation_id", "name", "as_of")})
        ],
    )


def _lines(shown: Mapping[Cell, int | None], known: Mapping[str, str], organisation: dict[str, Any]) -> list[CategoryCount]:
    """The partition of one organisation, its total last; a category that is not in use any more comes after those that are."""
    organisation_id = organisation.get("organisation_id")
    parts = {category: count for (each, category), count in shown.items() if each == organisation_id}
    former = sorted(set(parts) - {*known, IN_SERVICE, TOTAL})
    return [
        CategoryCount(**organisation, category=each, category_name=_word(each, known), count=parts[each])
        for each in (*known, *former, IN_SERVICE, TOTAL)
        if each in parts
    ]


def _word(category: str, known: Mapping[str, str]) -> str:
    """The programme's word, or the usual one; a category that is no longer in use and was never a usual one is called by its code."""
    if category in known or category not in {*MEMBER_CATEGORIES, IN_SERVICE, TOTAL}:
        return known.get(category, category)
    return text("registration", "labels", f"category_{category}").zh
