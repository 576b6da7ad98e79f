"""Two periods side by side, in aggregate only (双提升): what a unit, a community or the district did, never how somebody changed.

A figure of fewer than three persons is hidden, and with it the change from which it could be worked out (G12).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from services.evaluation.facts.queries import counting
from services.evaluation.scoring.facts import FactKind, Period
from shared.privacy.small_cells import SMALLEST_SHOWN
from shared.texts import text

OF_THEM: Final = "coalesce(m.into_member_id, f.member_id) IN (SELECT person FROM them)"
# Members belong where their latest registration in the period is.
GATHERED: Final = f"""
WITH them AS (
    SELECT person FROM (
        SELECT DISTINCT ON (person) coalesce(m.into_member_id, member_id) AS person, unit_id, community_id
        FROM registrations LEFT JOIN merged m USING (district, member_id)
        WHERE district = $1 AND confirmed_by IS NOT NULL AND reported_on <= $3 AND coalesce(closed_on, $2) >= $2
        ORDER BY person, reported_on DESC, registration_id DESC
    ) placed WHERE ($4::uuid IS NULL OR unit_id = $4) AND ($5::uuid IS NULL OR community_id = $5)
), counting AS ({counting(f"f.kind IN ('SERVICE', 'ITEM', 'SUGGESTION_ADOPTED') AND {OF_THEM}")})
SELECT kind, count(DISTINCT person) AS persons, count(*) AS number, coalesce(sum((data ->> 'minutes')::bigint), 0)::bigint AS minutes
FROM counting WHERE occurred BETWEEN $2 AND $3 GROUP BY kind
UNION ALL SELECT 'REGISTERED', count(*), count(*), 0 FROM them
"""  # noqa: S608 - constants


class Figure(StrEnum):
    """What is laid side by side."""

    REGISTERED_MEMBERS = "REGISTERED_MEMBERS"
    SERVING_MEMBERS = "SERVING_MEMBERS"
    CONFIRMED_SERVICES = "CONFIRMED_SERVICES"
    SERVICE_MINUTES = "SERVICE_MINUTES"
    SIX_ONES_ITEMS = "SIX_ONES_ITEMS"
    ADOPTED_SUGGESTIONS = "ADOPTED_SUGGESTIONS"


class ComparedFigure(BaseModel):
    """One figure in both periods; null where it would point at persons."""

    figure: Figure
    zh: str
    en: str
    first: int | None
    second: int | None
    change: int | None


class PeriodComparison(BaseModel):
    """Both periods, whose they are seen for, and the figures in a fixed order."""

    first_period_id: UUID
    second_period_id: UUID
    unit_id: UUID | None
    community_id: UUID | None
    figures: list[ComparedFigure]


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure and of how many persons it is."""

    number: int = 0
    persons: int = 0

    @property
    def shown(self) -> int | None:
        """The number, hidden where fewer than three persons made it; nil points at nobody."""
        return None if 0 < self.persons < SMALLEST_SHOWN else self.number


Amounts = Mapping[Figure, Amount]


async def amounts(tx: asyncpg.Connection, district: str, period: Period, of: tuple[UUID | None, UUID | None]) -> Amounts:
    """The figures of one period, `of` a unit or a community or the whole district."""
    rows = {row["kind"]: row for row in await tx.fetch(GATHERED, district, period.starts_on, period.ends_on, *of)}

    def amount(kind: FactKind, column: str = "number") -> Amount:
        row = rows.get(kind.value)
        return Amount(row[column], row["persons"]) if row else Amount()

    return {
        Figure.REGISTERED_MEMBERS: amount(FactKind.REGISTERED),
        Figure.SERVING_MEMBERS: amount(FactKind.SERVICE, "persons"),
        Figure.CONFIRMED_SERVICES: amount(FactKind.SERVICE),
        Figure.SERVICE_MINUTES: amount(FactKind.SERVICE, "minutes"),
        Figure.SIX_ONES_ITEMS: amount(FactKind.ITEM),
        Figure.ADOPTED_SUGGESTIONS: amount(FactKind.SUGGESTION_ADOPTED),
    }


def side_by_side(first: Amounts, second: Amounts) -> list[ComparedFigure]:
    """Every figure of both; a hidden one hides the change as well."""
    return [_compared(figure, first[figure].shown, second[figure].shown) for figure in Figure]


def _compared(figure: Figure, first: int | None, second: int | None) -> ComparedFigure:
    words = text("evaluation", "labels", figure.value)
    change = None if first is None or second is None else second - first
    return ComparedFigure(figure=figure, zh=words.zh, en=words.en, first=first, second=second, change=change)
