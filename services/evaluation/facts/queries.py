"""Which facts count, said once for scores, comparisons and records of service."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

import asyncpg

from services.evaluation.scoring.facts import Fact, FactKind


def counting(chosen: str) -> str:
    """SQL: the facts (alias f) that count among the `chosen` ones of the district $1; a further condition may follow with AND.

    The latest revision of every subject counts, on whatever day it is: a correction may have moved a record from one period into another.
    Where two entries of one person (`person`) have the same subject, that of the one that remains counts. A voided one counts for nothing.
    """
    return f"""
SELECT * FROM (
    SELECT DISTINCT ON (person, kind, subject) f.*, coalesce(m.into_member_id, f.member_id) AS person
    FROM facts f LEFT JOIN merged m USING (district, member_id) WHERE f.district = $1 AND {chosen}
    ORDER BY person, kind, subject, m.given_up_in DESC NULLS FIRST, revision DESC
) latest WHERE NOT voided"""  # noqa: S608 - conditions of this service only


SUBJECT_OF: Final = """
SELECT f.* FROM facts f JOIN facts named USING (district, member_id, kind, subject)
WHERE f.district = $1 AND f.member_id = ANY($2) AND named.event_id = $3 ORDER BY f.revision
"""
SERVED: Final = f"""
{counting("f.member_id = ANY($2) AND f.kind = 'SERVICE'")}
AND ($3::text IS NULL OR data ->> 'activity_id' = $3) AND occurred BETWEEN $4 AND $5 ORDER BY occurred
"""


async def served(
    tx: asyncpg.Connection, district: str, entries: Sequence[UUID], activity_id: UUID | None, days: tuple[date, date]
) -> list[tuple[date, int]]:
    """Days and minutes of confirmed records of a member, of one activity or of all."""
    rows = await tx.fetch(SERVED, district, entries, str(activity_id) if activity_id else None, *days)
    return [(row["occurred"], int(row["data"]["minutes"])) for row in rows]


async def facts_on_subject_of(tx: asyncpg.Connection, district: str, entries: Sequence[UUID], event_id: UUID) -> tuple[Fact, ...]:
    """What is known of the record, claim, … of which the event told, by revision; nothing when it tells of none of theirs."""
    rows = await tx.fetch(SUBJECT_OF, district, entries, event_id)
    return tuple(fact_in(row) for row in rows)


def fact_in(row: asyncpg.Record) -> Fact:
    """The fact of a row."""
    figures = {name: row[name] for name in ("subject", "revision", "occurred", "event_id", "data", "until", "voided", "replaces")}
    return Fact(FactKind(row["kind"]), evidence=tuple(row["evidence"]), **figures)
