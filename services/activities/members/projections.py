"""What changes rows of many features: merges of two entries of one person, and terms that are over.

Invariant: rows are chosen by what the event says alone, so that a rebuild changes the same ones.
"""

from collections.abc import Iterator, Mapping
from typing import Final, assert_never
from uuid import UUID

from shared.calendar.local_time import day_begins
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.activities.retention import Retained, ServiceRetentionApplied
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write

# Where a stream of this category keeps member ids: table, column of the stream's id, column of the member, and whether the member is
# part of the key (then the survivor's own row, if there is one, stays and the other goes).
PLACES: Final[Mapping[str, tuple[tuple[str, str, str, bool], ...]]] = {
    "post": (("post_claims", "post_id", "member_id", False),),
    "activity": (("participants", "activity_id", "member_id", True), ("records", "activity_id", "member_id", False)),
    "team": (("team_members", "team_id", "member_id", True),),
    "pairing": (("pairing_helpers", "pairing_id", "member_id", True),),
    "household-group": (("household_groups", "group_id", "leader_id", False),),
    "suggestion": (("suggestions", "suggestion_id", "member_id", False),),
    "matter": (("matters", "matter_id", "member_id", False),),
    "need": (("needs", "need_id", "member_id", False),),
    "complaint": (("complaints", "complaint_id", "member_id", False),),
    "bulletin": (("bulletin_questions", "bulletin_id", "member_id", True), ("bulletin_agreements", "bulletin_id", "member_id", True)),
    "calendar-link": (("calendar_links", "link_id", "member_id", False),),
    "certificate": (("certificates", "certificate_id", "member_id", False),),
    "time-ledger": (("time_entries", "community_id", "from_member_id", False), ("time_entries", "community_id", "to_member_id", False)),
}
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


def followed(event: Recorded, data: MemberIdentityFollowed) -> Iterator[Write]:
    """Move the rows of this stream from the id that is not used any more to the surviving one."""
    category, _, stream_id = event.stream.partition("/")
    arguments = (UUID(stream_id), data.member_id, data.into_member_id)
    for place in PLACES.get(category, ()):
        yield from _moves(place, arguments)


def _moves(place: tuple[str, str, str, bool], arguments: tuple[UUID, UUID, UUID]) -> Iterator[Write]:
    table, key, member, is_key = place
    if is_key:
        there = f"SELECT FROM {table} WHERE district = $1 AND {key} = $2 AND {member} = $4"
        yield f"DELETE FROM {table} WHERE district = $1 AND {key} = $2 AND {member} = $3 AND EXISTS ({there})", arguments  # noqa: S608 - names from PLACES only
    yield f"UPDATE {table} SET {member} = $4 WHERE district = $1 AND {key} = $2 AND {member} = $3", arguments  # noqa: S608 - names from PLACES only


def applied(_event: Recorded, data: ServiceRetentionApplied) -> Iterator[Write]:
    """Delete what is older than the event says."""
    match data.what:
        case Retained.ATTENDANCE:
            yield PARTICIPANTS, (day_begins(data.until),)
        case Retained.LEDGER:
            for statement in LEDGER:
                yield statement, (data.until,)
        case _:
            assert_never(data.what)


PROJECTIONS: Final[Projections] = {MemberIdentityFollowed: followed, ServiceRetentionApplied: applied}
