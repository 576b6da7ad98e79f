"""Which facts count: whatever revisions are written down, in whatever order, and under whichever of two entries of one person."""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.evaluation.facts.queries import counting
from shared.testing.harness import ServiceUnderTest

DAY = date(2026, 5, 1)
OLD, NEW, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
INSERT = """
INSERT INTO facts (district, member_id, kind, subject, revision, event_id, voided, data, evidence, occurred, until)
VALUES ($1, $2, 'SERVICE', $3, $4, $5, $6, '{}', '{}', $7, $7)
"""
MERGED = "INSERT INTO merged (district, member_id, into_member_id, given_up_in) VALUES ($1, $2, $3, 1)"
SELECT = f"SELECT person, subject, event_id FROM ({counting('f.member_id = ANY($2)')}) counting"

Row = tuple[UUID, str, int, UUID, bool, date]


def rows_of(chance: random.Random) -> list[Row]:
    """Revisions of some subjects under both entries and for somebody else, in any order."""
    found: list[Row] = []
    for member_id in (OLD, NEW, OTHER):
        for subject in ("a", "b", "c"):
            for revision in range(1, chance.randint(0, 3) + 1):
                day = DAY + timedelta(days=chance.randint(0, 400))
                found.append((member_id, subject, revision, UUID(int=chance.getrandbits(120)), chance.random() < 0.3, day))
    chance.shuffle(found)
    return found


def expected(rows: list[Row]) -> set[tuple[UUID, str, UUID]]:
    """Said the long way: the entry that remains first, of its revisions the last one, unless it is voided."""
    counted: set[tuple[UUID, str, UUID]] = set()
    for person, entries in ((NEW, (NEW, OLD)), (OTHER, (OTHER,))):
        for subject in ("a", "b", "c"):
            of_entries = [[row for row in rows if row[:2] == (entry, subject)] for entry in entries]
            spoken = next((each for each in of_entries if each), None)
            if spoken is not None:
                last = max(spoken, key=lambda row: row[2])
                counted |= set() if last[4] else {(person, subject, last[3])}
    return counted


@pytest.mark.parametrize("seed", range(12))
async def test_the_last_revision_of_the_remaining_entry_counts_unless_it_is_voided(service: ServiceUnderTest, seed: int) -> None:
    chance = random.Random(seed)
    rows, district = rows_of(chance), f"counting-{seed}"
    async with service.parts.database.district(district) as tx:
        await tx.execute(MERGED, district, OLD, NEW)
        for row in rows:
            await tx.execute(INSERT, district, *row)
        found = {tuple(row) for row in await tx.fetch(SELECT, district, [OLD, NEW, OTHER])}
    assert found == expected(rows)
