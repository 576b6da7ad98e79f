"""What activities keeps no longer. The log stays as it is, with ids that lead to nobody once registration has given up the person."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from shared.contracts.event import Event


class Retained(StrEnum):
    """What has a term of its own."""

    ATTENDANCE = "ATTENDANCE"  # who signed up, was excused why, came or did not: three years
    LEDGER = "LEDGER"  # records of service and certificates: ten years


class ServiceRetentionApplied(Event):
    """The term of what happened before `until` is over: from now on it stands in no list and can be read by nobody."""

    TYPE: ClassVar[str] = "guangcai.activities.ServiceRetentionApplied"
    VERSION: ClassVar[int] = 1

    what: Retained
    until: date
    applied_on: date
