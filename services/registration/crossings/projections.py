"""Events about the edge between two districts → each district's own side of it."""

from typing import Final

from services.registration.organisations.projections import Change
from shared.contracts import registration_crossings as x
from shared.eventlog.envelope import Recorded

ISSUED: Final = """
insert into away_registrations (district, crossing_id, member_id, unit_id, certificate_no, host_district, host_community, status,
    receipt_acknowledged, issued_at)
values ($1, $2, $3, $4, $5, $6, $7, 'ISSUED', false, $8)
"""
CONFIRMED: Final = """
update away_registrations set status = 'CONFIRMED', host_community = $3, receipt_no = $4, confirmed_on = $5, receipt_acknowledged = false
where district = $1 and crossing_id = $2
"""
ACKNOWLEDGED: Final = "update away_registrations set receipt_acknowledged = true where district = $1 and crossing_id = $2"
ENDED: Final = "update away_registrations set status = 'ENDED', ended_on = $3, reason = $4 where district = $1 and crossing_id = $2"
RECEIVED: Final = "insert into guests (district, crossing_id, member_id, home_district) values ($1, $2, $3, $4)"


def of_crossing(event: Recorded) -> tuple[Change, ...]:
    """Statements and values (without the district) that follow from one event."""
    match event.data:
        case x.AwayCertificateIssued() as fact:
            paper = (fact.certificate_no, fact.host_district, fact.host_community)
            return ((ISSUED, (fact.crossing_id, fact.member_id, fact.unit_id, *paper, event.time)),)
        case x.AwayRegistrationConfirmed() as fact:
            return ((CONFIRMED, (fact.crossing_id, fact.host_community, fact.receipt_no, fact.confirmed_on)),)
        case x.AwayReceiptAcknowledged() as fact:
            return ((ACKNOWLEDGED, (fact.crossing_id,)),)
        case x.AwayRegistrationEnded() as fact:
            return ((ENDED, (fact.crossing_id, fact.ended_on, fact.reason)),)
        case x.GuestReceived() as fact:
            return ((RECEIVED, (fact.crossing_id, fact.member_id, fact.home_district)),)
        case _:
            return ()
