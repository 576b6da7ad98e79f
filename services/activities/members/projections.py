"""What changes rows of many features: merges of two entries of one person, and terms that are over.

Invariant: rows are chosen by what the event says alone, so that a rebuild changes the same ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from shared.calendar.local_time import day_begins
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.activities.retention import Retained, ServiceRetentionApplied
from shared.eventlog.envelope import Recorded
from shared.feature import Feature, Projections, Write, member_rows
from shared.member_rows import moves


def projections(features: Sequence[Feature]) -> Projections:
    """The projections that change the rows which `features` declare."""
    statements: defaultdict[str, list[str]] = defaultdict(list)  # by category of the stream
    for rows in member_rows(features):
        if rows.aggregate is not None:
            statements[rows.aggregate.category] += moves(rows)
    deletions = [each for feature in features for each in feature.deletions]

    def followed(event: Recorded, data: MemberIdentityFollowed) -> Iterator[Write]:
        """Move the rows of this stream from the id that is not used any more to the surviving one."""
        category, _, stream_id = event.stream.partition("/")
        for statement in statements[category]:
            yield statement, (UUID(stream_id), data.member_id, data.into_member_id)

    def applied(_event: Recorded, data: ServiceRetentionApplied) -> Iterator[Write]:
        """Delete what is older than the event says."""
        until = day_begins(data.until) if data.what is Retained.ATTENDANCE else data.until
        for each in deletions:
            if each.kind == data.what:
                yield each.statement, (until,)

    return {MemberIdentityFollowed: followed, ServiceRetentionApplied: applied}
