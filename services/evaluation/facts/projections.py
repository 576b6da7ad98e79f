"""Facts → their table: what a batch has of one kind goes to the server in one statement, its rows as columns.

COPY cannot do this: it knows neither row-level security nor rows that are there already.
"""

from collections.abc import Iterator, Mapping
from typing import Final

import orjson

from services.evaluation.awards.projections import Statement
from services.evaluation.facts.sources import fact_of
from shared.contracts import activities as a
from shared.contracts.event import Event
from shared.eventlog.envelope import Recorded

INTO: Final = """
INSERT INTO facts (district, member_id, kind, subject, revision, event_id, voided, data, evidence, replaces, period_id, occurred, until)
SELECT $1, told.member_id, told.kind, told.subject, told.revision, told.event_id, told.voided, told.data::jsonb, told.evidence::uuid[],
       told.replaces, told.period_id,"""
# `until` null: the day it occurred.
TOLD: Final = """unnest($2::uuid[], $3::text[], $4::text[], $5::integer[], $6::uuid[], $7::boolean[], $8::text[], $9::text[], $10::uuid[],
       $11::uuid[], $12::date[], $13::date[])
     AS told (member_id, kind, subject, revision, event_id, voided, data, evidence, replaces, period_id, occurred, until)"""
FACT: Final = f"{INTO} told.occurred, coalesce(told.until, told.occurred) FROM {TOLD} ON CONFLICT DO NOTHING"
# The term of the post says until when a claim holds.
DUTY: Final = f"""{INTO} told.occurred, coalesce(
    (SELECT greatest(term_end, told.occurred) FROM post_terms WHERE district = $1 AND post_id = (told.data::jsonb ->> 'post_id')::uuid),
    told.until, told.occurred)
FROM {TOLD} ON CONFLICT DO NOTHING
"""  # noqa: S608 - from the constants above only
# A later word on a claim, whoever's it is by now: it was taken up when it was taken up, and holds as long unless it is told until when.
DUTY_CHANGED: Final = f"""{INTO} least(taken.occurred, told.occurred),
       CASE WHEN told.until IS NULL THEN taken.until ELSE greatest(told.until, taken.occurred) END
FROM {TOLD}, LATERAL (
    SELECT occurred, until FROM facts WHERE district = $1 AND kind = 'DUTY' AND subject = told.subject ORDER BY revision LIMIT 1
) taken ON CONFLICT DO NOTHING
"""  # noqa: S608 - as above
# An absence belongs to the day of the activity. That somebody came is a row too: the contrary may be noted under another entry of theirs.
ABSENCE: Final = f"""{INTO} coalesce(held_on, told.occurred), coalesce(held_on, told.until, told.occurred)
FROM {TOLD} LEFT JOIN activity_days ON activity_days.district = $1 AND activity_id = told.subject::uuid ON CONFLICT DO NOTHING
"""
AS: Final[Mapping[type[Event], str]] = {
    a.PostTakenUp: DUTY,
    a.PostReleased: DUTY_CHANGED,
    a.PostFulfilled: DUTY_CHANGED,
    a.AttendanceRecorded: ABSENCE,
}  # all others: FACT
BY_COLUMN: Final = frozenset({FACT, DUTY, DUTY_CHANGED, ABSENCE})


def of_facts(event: Recorded) -> Iterator[Statement]:
    """The row of the fact that an event states, if it states one."""
    entry = fact_of(event)
    if entry is None:
        return
    fact = entry.fact
    yield (
        AS.get(type(event.data), FACT) if event.data else FACT,
        (
            entry.member_id,
            fact.kind.value,
            fact.subject,
            fact.revision,
            fact.event_id,
            fact.voided,
            orjson.dumps(dict(fact.data)).decode(),
            f"{{{','.join(map(str, fact.evidence))}}}",
            fact.replaces,
            entry.period_id,
            fact.occurred,
            fact.until,
        ),
    )
