"""What an operator decided about events that a service could not apply. Each service publishes a class of its own with these fields."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from shared.contracts.event import Value


class ParkedDecision(StrEnum):
    """What becomes of the events that are named; those that wait behind them in their stream are applied."""

    RETRIED = "RETRIED"  # applied as they are
    SKIPPED = "SKIPPED"  # left out for good
    REPLACED = "REPLACED"  # applied with other texts


class ParkedEvent(Value):
    """One event of the source's log: its position and its kind."""

    sequence: int
    type: str


class Decided(Value):
    """A decision about events of one stream. A rebuild honours it, because it is in the log of the service that decided."""

    source: str
    stream: str
    decision: ParkedDecision
    events: tuple[ParkedEvent, ...]
    texts: dict[str, str] = Field(default_factory=dict)  # path in the data of the replaced event, such as "duties" or "skills.0" → text
    reason: Annotated[str, Field(max_length=200)]
