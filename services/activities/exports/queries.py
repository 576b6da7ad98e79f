"""What leaves the service: tables by the names of MZ/T 061, confirmed records, outcomes. Members by number, never by name."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from pydantic import BaseModel

from shared.contracts.activities.codes import ActivityOutcome

MOST_ROWS: Final = 20_000
# Every statement takes the district, the community (null: all), the first and the last day, and the most rows.
TABLES: Final = {
    "volunteers": """
SELECT coalesce(m.member_no, m.member_id::text) AS volunteer_no, m.occupation_group, m.status, array_to_string(m.skills, '、') AS skills,
       (SELECT round(coalesce(sum(r.minutes), 0) / 60.0, 2) FROM records r WHERE r.district = m.district AND r.member_id = m.member_id
        AND r.status = 'CONFIRMED' AND r.served_on BETWEEN $3 AND $4) AS hours
FROM registrants m
WHERE m.district = $1 AND m.community_id IS NOT NULL AND ($2::uuid IS NULL OR m.community_id = $2) ORDER BY m.member_id LIMIT $5
""",
    "groups": """
SELECT t.team_id AS group_no, t.name, t.kind, t.community_id AS organisation,
       (SELECT count(*) FROM team_members b WHERE b.district = t.district AND b.team_id = t.team_id) AS people
FROM teams t WHERE t.district = $1 AND ($2::uuid IS NULL OR t.community_id = $2) AND $3::date <= $4::date ORDER BY t.team_id LIMIT $5
""",
    "projects": """
SELECT post_id AS project_no, title, category, duties, place, capacity, term_start, term_end, coalesce(insurance, '') AS safeguards, status
FROM posts WHERE district = $1 AND status <> 'PROPOSED' AND ($2::uuid IS NULL OR community_id = $2) AND term_start <= $4 AND term_end >= $3
ORDER BY post_id LIMIT $5
""",
    "service_times": """
SELECT coalesce(m.member_no, r.member_id::text) AS volunteer_no, r.record_no, r.activity_name AS project, r.post_id AS project_no,
       r.recipient_type, r.content, r.place, r.starts_at, r.ends_at, round(r.minutes / 60.0, 2) AS hours,
       r.evidence_level AS record_method, r.person_in_charge, r.recorder, r.decided_by AS confirmed_by
FROM records r LEFT JOIN registrants m USING (district, member_id)
WHERE r.district = $1 AND r.status = 'CONFIRMED' AND ($2::uuid IS NULL OR r.community_id = $2) AND r.served_on BETWEEN $3 AND $4
ORDER BY r.served_on, r.record_id LIMIT $5
""",
    "certificates": """
SELECT c.certificate_no, coalesce(m.member_no, c.member_id::text) AS volunteer_no, c.period_start, c.period_end,
       round(c.total_minutes / 60.0, 2) AS hours, c.issued_on, c.community_id AS issuer, c.status
FROM certificates c LEFT JOIN registrants m USING (district, member_id)
WHERE c.district = $1 AND ($2::uuid IS NULL OR c.community_id = $2) AND c.issued_on BETWEEN $3 AND $4 ORDER BY c.certificate_no LIMIT $5
""",
}
# A roster logged at once states its outcomes on every record: they belong to the activity and count once.
OUTCOMES: Final = """
SELECT DISTINCT r.activity_id, o.value AS outcome FROM records r, jsonb_array_elements(r.outcomes) AS o(value)
WHERE r.district = $1 AND r.status = 'CONFIRMED' AND ($2::uuid IS NULL OR r.community_id = $2) AND r.served_on BETWEEN $3 AND $4
"""
RECORDS: Final = """
SELECT r.*, m.member_no FROM records r LEFT JOIN registrants m USING (district, member_id)
WHERE r.district = $1 AND r.status = 'CONFIRMED' AND ($2::uuid IS NULL OR r.community_id = $2) AND r.served_on BETWEEN $3 AND $4
ORDER BY r.served_on, r.record_id LIMIT $5
"""
Row = dict[str, Any]
Days = tuple[date, date]


class ExportRow(BaseModel):
    """A confirmed record as other systems take it over."""

    member_id: UUID
    member_no: str | None
    record_no: str
    activity_name: str
    post_id: UUID | None
    recipient_type: str
    content: str
    place: str
    starts_at: datetime
    ends_at: datetime
    minutes: int
    evidence_level: str
    person_in_charge: str
    recorder: str
    decided_by: str | None


async def tables(tx: asyncpg.Connection, district: str, community_id: UUID | None, days: Days) -> dict[str, list[Row]]:
    """Rows by table, MOST_ROWS at most of each."""
    return {
        name: [dict(row) for row in await tx.fetch(statement, district, community_id, *days, MOST_ROWS)]
        for name, statement in TABLES.items()
    }


async def outcomes(tx: asyncpg.Connection, district: str, community_id: UUID | None, days: Days) -> list[ActivityOutcome]:
    """Outcomes of confirmed service, once per activity."""
    return [ActivityOutcome.model_validate(row["outcome"]) for row in await tx.fetch(OUTCOMES, district, community_id, *days)]


async def export_rows(tx: asyncpg.Connection, district: str, community_id: UUID | None, days: Days) -> list[ExportRow]:
    """Confirmed records by day, MOST_ROWS at most."""
    return [ExportRow.model_validate(dict(row)) for row in await tx.fetch(RECORDS, district, community_id, *days, MOST_ROWS)]
