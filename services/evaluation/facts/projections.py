"""Facts → their table: what a batch has of one kind goes to the server in one statement, its rows as columns (ADR 17).

COPY cannot do this: it knows neither row-level security nor rows that are there already.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import orjson

from services.evaluation.facts.sources import FACTS, Source, fact_of
from shared.calendar.local_time import local_day
from shared.contracts.activities.posts import PostAmended, PostEstablished, PostFulfilled, PostReleased, PostTakenUp
from shared.contracts.activities.records import ActivityAmended, ActivityPlanned, AttendanceRecorded
from shared.contracts.event import Event
from shared.eventlog.envelope import Recorded
from shared.feature import ByColumn, Projections, Write

INTO: Final = """
INSERT INTO facts (district, member_id, kind, subject, revision, event_id, voided, data, evidence, replaces, period_id, occurred, until)
SELECT $1, stated.member_id, stated.kind, stated.subject, stated.revision, stated.event_id, stated.voided, stated.data::jsonb,
       stated.evidence::uuid[], stated.replaces, stated.period_id,"""
# `until` null: the day it occurred.
STATED: Final = """unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::uuid[], $7::boolean[], $8::text[], $9::text[], $10::uuid[],
       $11::uuid[], $12::date[], $13::date[])
     AS stated (member_id, kind, subject, revision, event_id, voided, data, evidence, replaces, period_id, occurred, until)"""
FACT: Final = ByColumn(
    f"{INTO} stated.occurred, coalesce(stated.until, stated.occurred) FROM {STATED} ON CONFLICT DO NOTHING"  # from the constants above only
)
# A claim holds until the term of its post ends.
DUTY: Final = ByColumn(f"""{INTO} stated.occurred, coalesce(
    (SELECT greatest(term_end, stated.occurred) FROM post_terms
     WHERE district = $1 AND post_id = (stated.data::jsonb ->> 'post_id')::uuid),
    stated.until, stated.occurred)
FROM {STATED} ON CONFLICT DO NOTHING
""")  # noqa: S608 - from the constants above only
# A later event on a claim, whoever holds it by now: the day on which it was taken up stays, and so does its end unless the event names one.
DUTY_CHANGED: Final = ByColumn(f"""{INTO} least(taken.occurred, stated.occurred),
       CASE WHEN stated.until IS NULL THEN taken.until ELSE greatest(stated.until, taken.occurred) END
FROM {STATED}, LATERAL (
    SELECT occurred, until FROM facts WHERE district = $1 AND kind = 'DUTY' AND subject = stated.subject ORDER BY revision LIMIT 1
) taken ON CONFLICT DO NOTHING
""")  # noqa: S608 - from the constants above only
# An absence belongs to the day of the activity. That somebody came is a row too: the contrary may be noted under another entry of theirs.
ABSENCE: Final = ByColumn(f"""{INTO} coalesce(held_on, stated.occurred), coalesce(held_on, stated.until, stated.occurred)
FROM {STATED} LEFT JOIN activity_days ON activity_days.district = $1 AND activity_id = stated.subject::uuid ON CONFLICT DO NOTHING
""")
ACTIVITY_DAY: Final = """
INSERT INTO activity_days (district, activity_id, held_on) VALUES ($1, $2, $3)
ON CONFLICT (district, activity_id) DO UPDATE SET held_on = EXCLUDED.held_on
"""
POST_TERM: Final = """
INSERT INTO post_terms (district, post_id, term_end) VALUES ($1, $2, $3)
ON CONFLICT (district, post_id) DO UPDATE SET term_end = EXCLUDED.term_end
"""
STATEMENTS: Final[Mapping[type[Event], ByColumn]] = {
    PostTakenUp: DUTY,
    PostReleased: DUTY_CHANGED,
    PostFulfilled: DUTY_CHANGED,
    AttendanceRecorded: ABSENCE,
}  # all others: FACT


def stated(event: Recorded, data: Event) -> Iterator[Write]:
    """The row of the fact that an event states."""
    member_id, fact, period_id = fact_of(Source(event.id, event.stream_version, local_day(event.time)), data)
    yield (
        STATEMENTS.get(type(data), FACT),
        (
            member_id,
            fact.kind.value,
            fact.subject,
            fact.revision,
            fact.event_id,
            fact.voided,
            orjson.dumps(dict(fact.data)).decode(),
            f"{{{','.join(map(str, fact.evidence))}}}",
            fact.replaces,
            period_id,
            fact.occurred,
            fact.until,
        ),
    )


def planned(_event: Recorded, data: ActivityPlanned | ActivityAmended) -> Iterator[Write]:
    """The day to which absences belong."""
    yield ACTIVITY_DAY, (data.activity_id, local_day(data.starts_at))


def established(_event: Recorded, data: PostEstablished | PostAmended) -> Iterator[Write]:
    """The day on which duties end."""
    yield POST_TERM, (data.post_id, data.term_end)


PROJECTIONS: Final[Projections] = {
    **dict.fromkeys(FACTS, stated),
    ActivityPlanned: planned,
    ActivityAmended: planned,
    PostEstablished: established,
    PostAmended: established,
}
