"""Campaigns, what came in and what was used, as rows."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.campaigns import (
    ContributionCampaignClosed,
    ContributionCampaignOpened,
    ContributionCancelled,
    ContributionReceived,
    ContributionsUsed,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def opened(_event: Recorded, data: ContributionCampaignOpened) -> Iterator[Write]:
    """A campaign that takes contributions."""
    facts = {**fields(data, "community_id", "title", "first_day", "last_day"), "kinds": list(data.kinds), "is_closed": False}
    yield save("campaigns", fields(data, "campaign_id"), facts)


def received(_event: Recorded, data: ContributionReceived) -> Iterator[Write]:
    """A contribution; its giver only if they want to be named."""
    facts = fields(data, "campaign_id", "receipt_no", "kind", "quantity", "unit", "member_id", "received_on")
    yield save("contributions", fields(data, "contribution_id"), {**facts, "is_cancelled": False})


def cancelled(_event: Recorded, data: ContributionCancelled) -> Iterator[Write]:
    """The entry counts no more."""
    yield change("contributions", fields(data, "contribution_id"), {"is_cancelled": True})


def used(_event: Recorded, data: ContributionsUsed) -> Iterator[Write]:
    """What was used for what."""
    facts = fields(data, "campaign_id", "kind", "quantity", "unit", "purpose", "used_on")
    yield save("contribution_uses", fields(data, "use_id"), facts)


def closed(_event: Recorded, data: ContributionCampaignClosed) -> Iterator[Write]:
    """The campaign takes no more."""
    yield change("campaigns", fields(data, "campaign_id"), {"is_closed": True})


PROJECTIONS: Final[Projections] = {
    ContributionCampaignOpened: opened,
    ContributionReceived: received,
    ContributionCancelled: cancelled,
    ContributionsUsed: used,
    ContributionCampaignClosed: closed,
}
