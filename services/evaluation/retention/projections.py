"""What the tables lose when terms are over (guard rail G15), each source's rows by that source's own events, so that order cannot matter.

A period goes with everything that is said about it in evaluation; facts that activities told go when activities gives their records up.
"""

from collections.abc import Iterator
from typing import Any, Final

from services.evaluation.scoring.facts import FactKind
from shared.contracts.activities import Retained, ServiceRetentionApplied
from shared.contracts.evaluation import EvaluationPeriodGivenUp
from shared.eventlog.envelope import Recorded

OF_PERIOD: Final = tuple(
    f"DELETE FROM {table} WHERE district = $1 AND period_id = $2"  # noqa: S608 - names from this line only
    for table in ("statements", "appeals", "deductions", "exemptions", "waivers", "exports", "cases", "facts", "periods")
)
OF_AWARDS: Final = tuple(
    f"DELETE FROM {table} WHERE district = $1 AND round_id IN (SELECT round_id FROM award_rounds WHERE district = $1 AND period_id = $2)"  # noqa: S608 - as above
    for table in ("award_objections", "award_nominees", "award_rounds")
)
RATINGS: Final = "DELETE FROM facts WHERE district = $1 AND kind = 'RATING' AND occurred <= $2"
REPORTS: Final = """
DELETE FROM feedback_reports WHERE district = $1 AND make_date(year, quarter * 3 - 2, 1) + interval '3 months' - interval '1 day' <= $2
"""
TOLD: Final = "DELETE FROM facts WHERE district = $1 AND kind = ANY($2) AND until < $3"
# Who came is kept for three years. An absence that counted stands in a statement: five years, after a period of two at most.
ABSENCES: Final = "DELETE FROM facts WHERE district = $1 AND kind = 'NO_SHOW' AND until < $2::date - interval '4 years'"
LEDGER: Final = [each.value for each in (FactKind.SERVICE, FactKind.ITEM, FactKind.DUTY, FactKind.NO_SHOW, FactKind.SUGGESTION_ADOPTED)]


def forgotten(event: Recorded) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Statements that one event leads to, and their arguments behind the district."""
    match event.data:
        case EvaluationPeriodGivenUp() as data:
            for statement in OF_AWARDS + OF_PERIOD:
                yield statement, (data.period_id,)
            yield RATINGS, (data.ends_on,)
            yield REPORTS, (data.ends_on,)
        case ServiceRetentionApplied(what=Retained.ATTENDANCE, until=until):
            yield ABSENCES, (until,)
        case ServiceRetentionApplied(what=Retained.LEDGER, until=until):
            yield TOLD, (LEDGER, until)
        case _:
            pass
