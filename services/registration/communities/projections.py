"""Events about communities → honours, partner units and introductions."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.organisations import (
    CommunityIntroduced,
    HonourRevoked,
    OrganisationHonoured,
    PartnerUnitJoined,
    PartnerUnitLeft,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import delete, fields, save


def honoured(_event: Recorded, data: OrganisationHonoured) -> Iterator[Write]:
    """One more honour."""
    yield save("organisation_honours", fields(data, "organisation_id", "honour_id"), fields(data, "level", "title", "year"))


def honour_revoked(_event: Recorded, data: HonourRevoked) -> Iterator[Write]:
    """One honour less."""
    yield delete("organisation_honours", fields(data, "organisation_id", "honour_id"))


def partner_joined(_event: Recorded, data: PartnerUnitJoined) -> Iterator[Write]:
    """One more partner."""
    yield save("partner_units", fields(data, "community_id", "partner_id"), fields(data, "joined_on"))


def partner_left(_event: Recorded, data: PartnerUnitLeft) -> Iterator[Write]:
    """One partner less."""
    yield delete("partner_units", fields(data, "community_id", "partner_id"))


def introduced(event: Recorded, data: CommunityIntroduced) -> Iterator[Write]:
    """The text replaces the one before."""
    text = fields(data, "overview", "network", "difficulties", "ongoing_work")
    yield save("community_introductions", fields(data, "community_id"), text | {"told_at": event.time})


PROJECTIONS: Final[Projections] = {
    OrganisationHonoured: honoured,
    HonourRevoked: honour_revoked,
    PartnerUnitJoined: partner_joined,
    PartnerUnitLeft: partner_left,
    CommunityIntroduced: introduced,
}
