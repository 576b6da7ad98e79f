"""Campaigns with what came in and went out; venues, partnerships; open affairs."""

from services.activities.writes import Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded


def campaign(event: Recorded) -> Writes:
    """Campaigns and contributions."""
    match data := event.data:
        case own.ContributionCampaignOpened():
            facts = {**fields(data, "community_id", "title", "first_day", "last_day"), "kinds": list(data.kinds), "is_closed": False}
            return (save(event, "campaigns", fields(data, "campaign_id"), facts),)
        case own.ContributionReceived():
            facts = fields(data, "campaign_id", "receipt_no", "kind", "quantity", "unit", "member_id", "received_on")
            return (save(event, "contributions", fields(data, "contribution_id"), {**facts, "is_cancelled": False}),)
        case own.ContributionCancelled():
            return (change(event, "contributions", fields(data, "contribution_id"), {"is_cancelled": True}),)
        case own.ContributionsUsed():
            facts = fields(data, "campaign_id", "kind", "quantity", "unit", "purpose", "used_on")
            return (save(event, "contribution_uses", fields(data, "use_id"), facts),)
        case own.ContributionCampaignClosed():
            return (change(event, "campaigns", fields(data, "campaign_id"), {"is_closed": True}),)
        case _:
            return ()


def register_entry(event: Recorded) -> Writes:
    """Venues and partnerships."""
    match data := event.data:
        case own.VenueOpened():
            return _entered(event, data, "VENUE", data.owner_id)
        case own.PartnershipAgreed():
            return _entered(event, data, "PARTNERSHIP", data.partner_id)
        case own.RegisterEntryClosed():
            return (change(event, "register_entries", fields(data, "entry_id"), fields(data, "closed_on", "reason")),)
        case _:
            return ()


def _entered(event: Recorded, data: own.VenueOpened | own.PartnershipAgreed, kind: str, who: object) -> Writes:
    facts = data.model_dump(mode="json", exclude={"entry_id", "community_id", "owner_id", "partner_id"})
    values = {"community_id": data.community_id, "kind": kind, "organisation_id": who, "facts": facts}
    return (save(event, "register_entries", fields(data, "entry_id"), values),)


def affair(event: Recorded) -> Writes:
    """Every publication of an affair is a row."""
    match data := event.data:
        case own.OpenAffairPublished():
            facts = fields(data, "community_id", "stage", "subject", "responsible", "published_on", "comments_until")
            keys = {"affair_id": data.affair_id, "number": event.stream_version}
            return (save(event, "affair_publications", keys, {**facts, "content": data.text}),)
        case _:
            return ()
