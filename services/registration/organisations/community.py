"""What only communities do: they have partner units and introduce themselves to members."""

from datetime import date
from uuid import UUID

from services.registration.organisations.state import Established
from shared.contracts.event import Event
from shared.contracts.registration.codes import OrganisationKind
from shared.contracts.registration.organisations import CommunityIntroduced, PartnerUnitJoined, PartnerUnitLeft
from shared.decider import Command, DomainError


class JoinAsPartner(Command):
    """Make a unit a partner of this community. `partner_kind` is what the caller found."""

    partner_id: UUID
    partner_kind: OrganisationKind | None
    joined_on: date


class PartnerMustBeUnit(DomainError):
    """A partner of a community is a work unit or a partner unit."""


class LeaveAsPartner(Command):
    """End the partnership of a unit with this community."""

    partner_id: UUID
    left_on: date


class IntroduceCommunity(Command):
    """Introduce the community to members."""

    overview: str
    network: str
    difficulties: str
    ongoing_work: str


class OnlyForCommunities(DomainError):
    """Only communities have partner units, introduce themselves and declare their members."""


def join(command: JoinAsPartner, state: Established) -> tuple[Event, ...]:
    """A work unit or partner unit becomes a partner."""
    _require_community(state)
    if command.partner_kind not in {OrganisationKind.WORK_UNIT, OrganisationKind.PARTNER_UNIT}:
        raise PartnerMustBeUnit
    joined = PartnerUnitJoined(community_id=state.organisation_id, partner_id=command.partner_id, joined_on=command.joined_on)
    return () if command.partner_id in state.partners else (joined,)


def leave(command: LeaveAsPartner, state: Established) -> tuple[Event, ...]:
    """A partner leaves."""
    _require_community(state)
    left = PartnerUnitLeft(community_id=state.organisation_id, partner_id=command.partner_id, left_on=command.left_on)
    return (left,) if command.partner_id in state.partners else ()


def introduce(command: IntroduceCommunity, state: Established) -> tuple[Event, ...]:
    """The text replaces the one before."""
    _require_community(state)
    text = command.model_dump()
    return () if text == state.introduction else (CommunityIntroduced(community_id=state.organisation_id, **text),)


def _require_community(state: Established) -> None:
    if state.kind is not OrganisationKind.COMMUNITY:
        raise OnlyForCommunities
