"""Events of contribution campaigns (捐一元钱、捐一本书、提一条合理化建议): what came in, what it was used for. It never scores."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event, Value


class ContributionKind(StrEnum):
    """What is given."""

    MONEY = "MONEY"
    GOODS = "GOODS"
    SUGGESTION = "SUGGESTION"


class _Campaign(Value):
    campaign_id: UUID
    community_id: UUID


class ContributionCampaignOpened(_Campaign, Event):
    """A community asks for these kinds of contributions."""

    TYPE: ClassVar[str] = "guangcai.activities.ContributionCampaignOpened"
    VERSION: ClassVar[int] = 1

    title: str
    kinds: tuple[ContributionKind, ...]
    first_day: date
    last_day: date


class ContributionReceived(_Campaign, Event):
    """Something came in, e.g. 1 本 or 1 元. `member_id` None: the giver stays unnamed. `suggestion_id`: the suggestion that was given."""

    TYPE: ClassVar[str] = "guangcai.activities.ContributionReceived"
    VERSION: ClassVar[int] = 1

    contribution_id: UUID
    receipt_no: str
    kind: ContributionKind
    quantity: Decimal
    unit: str
    member_id: UUID | None = None
    suggestion_id: UUID | None = None
    received_on: date
    recorded_by: str


class ContributionCancelled(_Campaign, Event):
    """It was entered wrongly or given back."""

    TYPE: ClassVar[str] = "guangcai.activities.ContributionCancelled"
    VERSION: ClassVar[int] = 1

    contribution_id: UUID
    kind: ContributionKind
    quantity: Decimal
    unit: str
    reason: str
    cancelled_by: str


class ContributionsUsed(_Campaign, Event):
    """What part of it was used for what, for everybody to read."""

    TYPE: ClassVar[str] = "guangcai.activities.ContributionsUsed"
    VERSION: ClassVar[int] = 1

    use_id: UUID
    kind: ContributionKind
    quantity: Decimal
    unit: str
    purpose: str
    used_on: date


class ContributionCampaignClosed(_Campaign, Event):
    """Nothing more is taken; what is left can still be used."""

    TYPE: ClassVar[str] = "guangcai.activities.ContributionCampaignClosed"
    VERSION: ClassVar[int] = 1

    reason: str
