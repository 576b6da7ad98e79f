"""Events that activities could not apply."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.parked import Decided


class ParkedEventsDecided(Decided, Event):
    """An operator decided about events that activities could not apply."""

    TYPE: ClassVar[str] = "guangcai.activities.ParkedEventsDecided"
    VERSION: ClassVar[int] = 1
