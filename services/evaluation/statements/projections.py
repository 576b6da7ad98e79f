"""Events of statements → every version of every published statement."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.statements import ScoreStatementPublished, ScoreStatementRestated
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def published(event: Recorded, data: ScoreStatementPublished | ScoreStatementRestated) -> Iterator[Write]:
    """The latest version as its event states it."""
    yield save_new(
        "statements",
        fields(data, "period_id", "member_id", "version"),
        {
            **fields(data, "unit_id", "community_id", "grade"),
            "is_latest": True,
            "published_at": event.time,
            "body": data.model_dump(mode="json"),
        },
    )


def restated(event: Recorded, data: ScoreStatementRestated) -> Iterator[Write]:
    """Earlier versions can still be read, but only by their number."""
    yield change("statements", fields(data, "period_id", "member_id"), {"is_latest": False})
    yield from published(event, data)


PROJECTIONS: Final[Projections] = {ScoreStatementPublished: published, ScoreStatementRestated: restated}
