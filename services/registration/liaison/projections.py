"""Events about contacts between units and communities → the log of contacts that both sides read."""

from typing import Final

from services.registration.organisations.projections import Change
from shared.contracts import registration_liaison as m
from shared.eventlog.envelope import Recorded

RECORDED: Final = """
insert into liaison_contacts (district, contact_id, unit_id, community_id, recorded_by, kind, subject, held_on, matter, recorded_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""
ACKNOWLEDGED: Final = "update liaison_contacts set acknowledged_at = $3 where district = $1 and contact_id = $2"
WITHDRAWN: Final = "update liaison_contacts set withdrawn_at = $3, reason = $4 where district = $1 and contact_id = $2"


def of_liaison(event: Recorded) -> tuple[Change, ...]:
    """Statements and values (without the district) that follow from one event."""
    match event.data:
        case m.LiaisonContactRecorded() as fact:
            edge = (fact.contact_id, fact.unit_id, fact.community_id, fact.recorded_by)
            return ((RECORDED, (*edge, fact.kind, fact.subject, fact.held_on, fact.matter, event.time)),)
        case m.LiaisonContactAcknowledged() as fact:
            return ((ACKNOWLEDGED, (fact.contact_id, event.time)),)
        case m.LiaisonContactWithdrawn() as fact:
            return ((WITHDRAWN, (fact.contact_id, event.time, fact.reason)),)
        case _:
            return ()
