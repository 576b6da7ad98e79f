"""Who was asked to be named in a bulletin, and who agrees; an agreement taken back leaves no row."""

from services.activities.writes import Writes, delete, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded


def bulletin(event: Recorded) -> Writes:
    """Questions and agreements."""
    match data := event.data:
        case own.BulletinNamingAsked():
            return (save(event, "bulletin_questions", fields(data, "bulletin_id", "member_id"), fields(data, "community_id", "month")),)
        case own.BulletinNamingAgreed():
            return (save(event, "bulletin_agreements", fields(data, "bulletin_id", "member_id"), {}),)
        case own.BulletinNamingWithdrawn():
            return (delete(event, "bulletin_agreements", fields(data, "bulletin_id", "member_id")),)
        case _:
            return ()
