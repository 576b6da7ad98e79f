"""What the tables lose when a term is over. By the event's day alone, so that a rebuild loses the same."""

from typing import Final

from services.activities.work_hours import day_begins
from services.activities.writes import Writes
from shared.contracts.activities import Retained, ServiceRetentionApplied
from shared.eventlog.envelope import Recorded

PARTICIPANTS: Final = """
DELETE FROM participants p USING activities a
WHERE p.district = $1 AND a.district = p.district AND a.activity_id = p.activity_id AND a.ends_at < $2
"""
RECORDS: Final = "DELETE FROM records WHERE district = $1 AND served_on < $2"
OBJECTIONS: Final = """
DELETE FROM certificate_objections o USING certificates c
WHERE o.district = $1 AND c.district = o.district AND c.certificate_id = o.certificate_id AND c.issued_on < $2
"""
CERTIFICATES: Final = "DELETE FROM certificates WHERE district = $1 AND issued_on < $2"
AGREEMENTS: Final = """
DELETE FROM bulletin_agreements a USING bulletin_questions q
WHERE a.district = $1 AND q.district = a.district AND q.bulletin_id = a.bulletin_id AND q.month < to_char($2::date, 'YYYY-MM')
"""
QUESTIONS: Final = "DELETE FROM bulletin_questions WHERE district = $1 AND month < to_char($2::date, 'YYYY-MM')"
LEDGER: Final = (RECORDS, OBJECTIONS, CERTIFICATES, AGREEMENTS, QUESTIONS)


def retention(event: Recorded) -> Writes:
    """Rows older than the event says."""
    match event.data:
        case ServiceRetentionApplied(what=Retained.ATTENDANCE, until=until):
            return ((PARTICIPANTS, (event.district, day_begins(until))),)
        case ServiceRetentionApplied(what=Retained.LEDGER, until=until):
            return tuple((statement, (event.district, until)) for statement in LEDGER)
        case _:
            return ()
