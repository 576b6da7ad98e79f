"""What the tables lose when terms are over (G15), each source's rows by that source's own events, so that order cannot matter.

A period goes with every row about it; facts from activities go when activities deletes the records behind them.
"""

from collections.abc import Iterator
from typing import Final

from services.evaluation.scoring.facts import FactKind
from shared.calendar.local_time import day_after_begins
from shared.contracts.activities.retention import Retained, ServiceRetentionApplied
from shared.contracts.evaluation.periods import EvaluationPeriodGivenUp
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import delete, fields

OF_PERIOD: Final = ("statements", "appeals", "deductions", "exemptions", "waivers", "exports", "cases", "facts", "periods")
OF_ROUNDS: Final = tuple(
    f"DELETE FROM {table} WHERE district = $1 AND round_id IN (SELECT round_id FROM award_rounds WHERE district = $1 AND period_id = $2)"  # noqa: S608 - names from this line only
    for table in ("award_objections", "award_nominees")
)
RATINGS: Final = "DELETE FROM facts WHERE district = $1 AND kind = 'RATING' AND occurred <= $2"
REPORTS: Final = "DELETE FROM feedback_reports WHERE district = $1 AND year::bigint * 4 + quarter < $2"
RECORDS: Final = "DELETE FROM facts WHERE district = $1 AND kind = ANY($2) AND until < $3"
# Who came is kept for three years. An absence that counted is part of a statement: five years, after a period of two at most.
ABSENCES: Final = "DELETE FROM facts WHERE district = $1 AND kind = 'NO_SHOW' AND until < $2::date - INTERVAL '4 years'"
LEDGER: Final = [each.value for each in (FactKind.SERVICE, FactKind.ITEM, FactKind.DUTY, FactKind.NO_SHOW, FactKind.SUGGESTION_ADOPTED)]


def period_given_up(_event: Recorded, data: EvaluationPeriodGivenUp) -> Iterator[Write]:
    """Its award rounds go too, and all ratings and reports from its days."""
    for statement in OF_ROUNDS:
        yield statement, (data.period_id,)
    for table in ("award_rounds", *OF_PERIOD):
        yield delete(table, fields(data, "period_id"))
    yield RATINGS, (data.ends_on,)
    after = day_after_begins(data.ends_on)
    yield REPORTS, (after.year * 4 + (after.month + 2) // 3,)


def records_given_up(_event: Recorded, data: ServiceRetentionApplied) -> Iterator[Write]:
    """Facts of activities follow their records."""
    if data.what is Retained.ATTENDANCE:
        yield ABSENCES, (data.until,)
    elif data.what is Retained.LEDGER:
        yield RECORDS, (LEDGER, data.until)


PROJECTIONS: Final[Projections] = {EvaluationPeriodGivenUp: period_given_up, ServiceRetentionApplied: records_given_up}
