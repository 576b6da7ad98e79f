"""Events of periods → their table."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.periods import EvaluationPeriodClosed, EvaluationPeriodOpened, StatementPublicationOrdered
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def opened(event: Recorded, data: EvaluationPeriodOpened) -> Iterator[Write]:
    """A period begins; none of its statements has been ordered yet."""
    stated = fields(data, "title", "starts_on", "ends_on", "programme_deadline")
    yield save_new(
        "periods",
        fields(data, "period_id"),
        {**stated, "occasions": list(data.occasions), "opened_by": event.id, "orders": 0, "is_closed": False},
    )


def ordered(_event: Recorded, data: StatementPublicationOrdered) -> Iterator[Write]:
    """Its statements are to be published, once more perhaps."""
    yield change("periods", fields(data, "period_id"), {"orders": data.order})


def closed(_event: Recorded, data: EvaluationPeriodClosed) -> Iterator[Write]:
    """Nothing more is published."""
    yield change("periods", fields(data, "period_id"), {"is_closed": True})


PROJECTIONS: Final[Projections] = {EvaluationPeriodOpened: opened, StatementPublicationOrdered: ordered, EvaluationPeriodClosed: closed}
