"""Series as defined, as rows."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.series import ActivitySeriesDefined, ActivitySeriesEnded
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save

COLUMNS: Final = (
    *("community_id", "title", "activity_type", "rule", "holiday_rule", "first_day", "last_day", "starts", "ends", "place", "capacity"),
    *("template", "time_band", "unit_consent"),
)


def defined(_event: Recorded, data: ActivitySeriesDefined) -> Iterator[Write]:
    """A series that activities can be planned from."""
    yield save("activity_series", fields(data, "series_id"), fields(data, *COLUMNS))


def ended(_event: Recorded, data: ActivitySeriesEnded) -> Iterator[Write]:
    """The series plans nothing after its last day."""
    yield change("activity_series", fields(data, "series_id"), fields(data, "last_day"))


PROJECTIONS: Final[Projections] = {ActivitySeriesDefined: defined, ActivitySeriesEnded: ended}
