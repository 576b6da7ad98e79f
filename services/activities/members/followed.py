"""Rows of a given-up member id pass to the surviving one, stream by stream."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.activities.writes import Write, Writes
from shared.contracts.activities import MemberIdentityFollowed
from shared.eventlog.envelope import Recorded

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


def followed(event: Recorded, data: MemberIdentityFollowed) -> Writes:
    """Move the rows of this stream."""
    category, _, stream_id = event.stream.partition("/")
    arguments = (event.district, UUID(stream_id), data.member_id, data.into_member_id)
    return tuple(write for place in PLACES.get(category, ()) for write in _moves(place, arguments))


def _moves(place: tuple[str, str, str, bool], arguments: tuple[str, UUID, UUID, UUID]) -> tuple[Write, ...]:
    table, key, member, is_key = place
    move = f"UPDATE {table} SET {member} = $4 WHERE district = $1 AND {key} = $2 AND {member} = $3"  # noqa: S608 - names from PLACES only
    if not is_key:
        return ((move, arguments),)
    there = f"SELECT FROM {table} WHERE district = $1 AND {key} = $2 AND {member} = $4"
    drop = f"DELETE FROM {table} WHERE district = $1 AND {key} = $2 AND {member} = $3 AND EXISTS ({there})"  # noqa: S608 - names from PLACES only
    return ((drop, arguments), (move, arguments))
