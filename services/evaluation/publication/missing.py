"""Who cannot be rated because a side has not assessed them."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg

from services.evaluation import scorebook
from services.evaluation.scorebook import AT_ONCE
from services.evaluation.scoring.facts import Period
from services.evaluation.scoring.rule_set import RuleBooks
from shared.contracts.evaluation.codes import NotRatedReason, Unknown
from shared.http.endpoints import Call

# Both sides, under any entry of the person.
ASSESSED: Final = """
SELECT coalesce(m.into_member_id, c.member_id) AS member_id FROM cases c LEFT JOIN merged m USING (district, member_id)
WHERE c.district = $1 AND c.period_id = $2 GROUP BY 1 HAVING bool_or(is_unit_assessed) AND count(community_opinion) > 0
"""


async def missing_assessments(call: Call, period: Period, members: Sequence[UUID], books: RuleBooks) -> dict[UUID, tuple[Unknown, ...]]:
    """By member what is missing; not those who are not rated for another reason. A bounded number of members at a time."""
    async with call.read() as tx:
        unclear = await _not_assessed_by_both(tx, call.district, period, members)
    found: dict[UUID, tuple[Unknown, ...]] = {}
    for start in range(0, len(unclear), AT_ONCE):
        async with call.read() as tx:
            computed = await scorebook.compute(tx, call.district, period, unclear[start : start + AT_ONCE], books)
        found |= {who: each.unknown for who, each in computed.items() if each.not_rated_reason is NotRatedReason.ASSESSMENT_MISSING}
    return found


async def _not_assessed_by_both(tx: asyncpg.Connection, district: str, period: Period, members: Sequence[UUID]) -> list[UUID]:
    assessed = {row["member_id"] for row in await tx.fetch(ASSESSED, district, period.period_id)}
    return [each for each in members if each not in assessed]
