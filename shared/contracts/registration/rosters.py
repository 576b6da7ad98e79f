"""Rosters: how an office calls its columns."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event


class RosterField(StrEnum):
    """What a column of a roster may mean; IGNORED columns are not read."""

    NAME = "name"
    CITIZEN_NUMBER = "citizen_number"
    UNIT = "unit"
    UNIT_AND_POSITION = "unit_and_position"
    PARTY_BRANCH = "party_branch"
    OCCUPATION = "occupation"
    POLITICAL_STATUS = "political_status"
    PHONE = "phone"
    EMAIL = "email"
    COMMUNITY = "community"
    IGNORED = "ignored"


class RosterColumnsMapped(Event):
    """An office said what labels of its roster's columns mean. `owner_id`: a unit, or the district for everybody in it."""

    TYPE: ClassVar[str] = "guangcai.registration.RosterColumnsMapped"
    VERSION: ClassVar[int] = 1

    owner_id: UUID
    columns: dict[str, RosterField]
