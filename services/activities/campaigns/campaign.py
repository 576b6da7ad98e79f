"""A contribution campaign: money, books, suggestions. Recorded with a receipt, used in public, and no reason for anybody's score (G8).

Invariant: never more is used than came in, by kind and unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.following import following
from services.activities.refusals import AlreadyExists, TermEndsBeforeItStarts, WrongStep
from services.activities.wording import Line, Reason, Title
from shared.contracts.activities.campaigns import (
    ContributionCampaignClosed,
    ContributionCampaignOpened,
    ContributionCancelled,
    ContributionKind,
    ContributionReceived,
    ContributionsUsed,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

Quantity = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2)]
Pot = tuple[ContributionKind, str]  # kind and unit


class CampaignIsClosed(DomainError):
    """The campaign takes no such contribution: it is closed, not begun, over, or asks for something else."""


class NotEnoughLeft(DomainError):
    """More would be used or taken back than is left."""


class CampaignDraft(Command):
    """What a community asks for."""

    community_id: UUID
    title: Title
    kinds: Annotated[tuple[ContributionKind, ...], Field(min_length=1, max_length=len(ContributionKind))]
    first_day: date
    last_day: date


class OpenCampaign(CampaignDraft):
    """Open a campaign."""

    campaign_id: UUID


class ContributionDraft(Command):
    """What came in."""

    kind: ContributionKind
    quantity: Quantity
    unit: Annotated[str, Field(min_length=1, max_length=10)]
    member_id: UUID | None = None
    suggestion_id: UUID | None = None


class ReceiveContribution(ContributionDraft):
    """Record it and give a receipt."""

    contribution_id: UUID
    received_on: date
    recorded_by: str


class CancelContribution(Command):
    """Take an entry back."""

    contribution_id: UUID
    reason: Reason
    cancelled_by: str


class UseDraft(Command):
    """What is used for what."""

    kind: ContributionKind
    quantity: Quantity
    unit: Annotated[str, Field(min_length=1, max_length=10)]
    purpose: Line


class UseContributions(UseDraft):
    """State the use."""

    use_id: UUID
    used_on: date


class CloseCampaign(Command):
    """Take nothing more."""

    reason: Reason


CampaignCommand = OpenCampaign | ReceiveContribution | CancelContribution | UseContributions | CloseCampaign


@dataclass(frozen=True, slots=True)
class NotOpened:
    """There is no campaign yet."""


@dataclass(frozen=True, slots=True)
class _Known:
    opened: ContributionCampaignOpened
    received: Mapping[UUID, ContributionReceived] = field(default_factory=dict[UUID, ContributionReceived])  # without cancelled ones
    left: Mapping[Pot, Decimal] = field(default_factory=dict[Pot, Decimal])


@dataclass(frozen=True, slots=True)
class Open(_Known):
    """Takes contributions on its days."""


@dataclass(frozen=True, slots=True)
class Closed(_Known):
    """Takes no more; what is left is still used, and entries are still cancelled."""


Campaign = NotOpened | Open | Closed


def decide(command: CampaignCommand, state: Campaign) -> tuple[Event, ...]:
    """Decide one command about a campaign."""
    match command:
        case OpenCampaign():
            return _open(command, state)
        case ReceiveContribution():
            return _receive(command, _known(state))
        case CancelContribution():
            return _cancel(command, _known(state))
        case UseContributions():
            return _use(command, _known(state))
        case CloseCampaign():
            return _close(command, _known(state))
        case _:
            assert_never(command)


def _open(command: OpenCampaign, state: Campaign) -> tuple[Event, ...]:
    if not isinstance(state, NotOpened):
        raise AlreadyExists
    if command.last_day < command.first_day:
        raise TermEndsBeforeItStarts
    return (ContributionCampaignOpened.model_validate(command.model_dump()),)


def _known(state: Campaign) -> Open | Closed:
    if isinstance(state, NotOpened):
        raise WrongStep
    return state


def _receive(command: ReceiveContribution, state: Open | Closed) -> tuple[Event, ...]:
    opened = state.opened
    is_open = isinstance(state, Open) and opened.first_day <= command.received_on <= opened.last_day
    if not is_open or command.kind not in opened.kinds:
        raise CampaignIsClosed
    number = f"SJ-{command.received_on:%Y}-{command.contribution_id.hex[-10:].upper()}"
    return (ContributionReceived(**_ids(state), receipt_no=number, **command.model_dump()),)


def _cancel(command: CancelContribution, state: Open | Closed) -> tuple[Event, ...]:
    entry = state.received.get(command.contribution_id)
    if entry is None:
        raise WrongStep
    _require(state, (entry.kind, entry.unit), entry.quantity)
    return (ContributionCancelled(**_ids(state), kind=entry.kind, quantity=entry.quantity, unit=entry.unit, **command.model_dump()),)


def _use(command: UseContributions, state: Open | Closed) -> tuple[Event, ...]:
    _require(state, (command.kind, command.unit), command.quantity)
    return (ContributionsUsed(**_ids(state), **command.model_dump()),)


def _close(command: CloseCampaign, state: Open | Closed) -> tuple[Event, ...]:
    return () if isinstance(state, Closed) else (ContributionCampaignClosed(**_ids(state), reason=command.reason),)


def _require(state: Open | Closed, pot: Pot, quantity: Decimal) -> None:
    left = state.left.get(pot, Decimal(0))
    if quantity > left:
        raise NotEnoughLeft(left=str(left), unit=pot[1])


def _ids(state: Open | Closed) -> dict[str, Any]:
    return {"campaign_id": state.opened.campaign_id, "community_id": state.opened.community_id}


def evolve(state: Campaign, event: Event) -> Campaign:
    """Fold one event. Never raises."""
    match state, event:
        case NotOpened(), ContributionCampaignOpened():
            return Open(event)
        case NotOpened(), _:
            return state
        case _, ContributionReceived():
            received = {**state.received, event.contribution_id: event}
            return replace(state, received=received, left=_added(state, (event.kind, event.unit), event.quantity))
        case _, ContributionCancelled():
            received = {key: each for key, each in state.received.items() if key != event.contribution_id}
            return replace(state, received=received, left=_added(state, (event.kind, event.unit), -event.quantity))
        case _, ContributionsUsed():
            return replace(state, left=_added(state, (event.kind, event.unit), -event.quantity))
        case Open(), ContributionCampaignClosed():
            return Closed(state.opened, state.received, state.left)
        case _:
            return state


def _added(state: Open | Closed, pot: Pot, quantity: Decimal) -> dict[Pot, Decimal]:
    return {**state.left, pot: state.left.get(pot, Decimal(0)) + quantity}


CAMPAIGN: Final = following(Decider(category="campaign", initial=NotOpened(), decide=decide, evolve=evolve))
