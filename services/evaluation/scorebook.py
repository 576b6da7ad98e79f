"""Reads what a score is made of and scores it: facts, registrations, periods, rule sets → statements as of now. Stores nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import Final
from uuid import UUID

import asyncpg
import orjson

from services.evaluation.facts.queries import counting
from services.evaluation.scoring.eligibility import Span, eligible_days
from services.evaluation.scoring.engine import NoRuleSetInForce, Statement, score
from services.evaluation.scoring.facts import STANDING, Fact, FactKind, Period, Registrant
from services.evaluation.scoring.rule_set import RuleBook, RuleBooks, RuleSet, Version
from shared.eventlog.garbage import rarely_collected

PERIOD: Final = "SELECT period_id, starts_on, ends_on, programme_deadline, opened_by FROM periods WHERE district = $1 AND period_id = $2"
PERIODS_WITH: Final = """
SELECT period_id, bool_or(member_id = $3) AS is_own FROM statements
WHERE district = $1 AND member_id = ANY($2) AND is_latest GROUP BY period_id ORDER BY period_id
"""
RULE_SETS: Final = """
SELECT rule_set_id, version, title, effective_from, effective_to, definition FROM rule_sets
WHERE district = $1 AND effective_from IS NOT NULL ORDER BY effective_from, version
"""
REGISTRANTS: Final = """
SELECT DISTINCT coalesce(m.into_member_id, r.member_id) AS member_id FROM registrations r LEFT JOIN merged m USING (district, member_id)
WHERE r.district = $1 AND confirmed_by IS NOT NULL AND reported_on <= $3 AND coalesce(closed_on, $2) >= $2 ORDER BY 1
"""
GIVEN_UP: Final = "SELECT member_id, into_member_id FROM merged WHERE district = $1 AND into_member_id = ANY($2)"
REGISTRATIONS: Final = """
SELECT registration_id, member_id, unit_id, community_id, is_probationary, home_district, reported_on, reported_by, confirmed_by,
       closed_on, paused
FROM registrations WHERE district = $1 AND member_id = ANY($2) AND confirmed_by IS NOT NULL AND reported_on <= $4
  AND coalesce(closed_on, $3) >= $3 ORDER BY coalesce(closed_on, 'infinity'), reported_on, registration_id
"""
STATUSES: Final = """
SELECT member_id, changed_on, is_probationary FROM political_statuses
WHERE district = $1 AND member_id = ANY($2) AND changed_on <= $3 ORDER BY changed_on
"""
FACTS: Final = f"""
SELECT member_id, kind, subject, revision, occurred, event_id, data, until, evidence, replaces, period_id
FROM ({counting("f.member_id = ANY($2)")}) counting
WHERE period_id = $3 OR (period_id IS NULL AND occurred <= $5 AND until >= $4)
"""  # noqa: S608 - constants
EXEMPTIONS: Final = "SELECT member_id, starts_on, ends_on FROM exemptions WHERE district = $1 AND period_id = $3 AND member_id = ANY($2)"
WAIVERS: Final = "SELECT member_id, category FROM waivers WHERE district = $1 AND period_id = $3 AND member_id = ANY($2)"
AT_ONCE: Final = 25  # members to score in one look at the read model
KINDS: Final = {each.value: each for each in FactKind}
OPEN_APPEALS: Final = """
SELECT DISTINCT member_id FROM appeals
WHERE district = $1 AND period_id = $3 AND member_id = ANY($2) AND status = 'OPEN' AND appeal_id IS DISTINCT FROM $4
"""

CASES: Final = """
SELECT member_id, is_proposal_refused, community_opinion IS NOT NULL AS is_community_assessed FROM cases
WHERE district = $1 AND period_id = $3 AND member_id = ANY($2)
"""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is being decided in the act for which the score is computed: an appeal is closed, deductions are taken back."""

    appeal_id: UUID | None = None
    taken_back: frozenset[UUID] = frozenset()


UNDECIDED: Final = Decided()


@dataclass(slots=True)
class Gathered:
    """Everything about one member in one period, as rows."""

    registrations: list[asyncpg.Record] = field(default_factory=list[asyncpg.Record])
    statuses: list[asyncpg.Record] = field(default_factory=list[asyncpg.Record])
    facts: list[asyncpg.Record] = field(default_factory=list[asyncpg.Record])
    exempted: list[Span] = field(default_factory=list[Span])
    waived: set[str] = field(default_factory=set[str])
    has_open_appeal: bool = False
    refuses_proposal: bool = False
    is_community_assessed: bool = False


async def load_period(tx: asyncpg.Connection, district: str, period_id: UUID) -> Period | None:
    """A period, if there is such."""
    row = await tx.fetchrow(PERIOD, district, period_id)
    return Period(**row) if row else None


async def load_books(tx: asyncpg.Connection, district: str) -> RuleBooks:
    """The district's published rules, for both sides."""
    book = RuleBook.of(_version(row) for row in await tx.fetch(RULE_SETS, district))
    return RuleBooks(book, book)


def _version(row: asyncpg.Record) -> Version:
    rules = parse_rules(orjson.dumps(row["definition"], option=orjson.OPT_SORT_KEYS))
    return Version(row["rule_set_id"], row["version"], row["title"], row["effective_from"], row["effective_to"], rules)


@lru_cache(maxsize=256)
def parse_rules(definition: bytes) -> RuleSet:
    """A rule set from its JSON; remembered, because published rules never change."""
    return RuleSet.model_validate_json(definition)


async def registrants(tx: asyncpg.Connection, district: str, period: Period) -> list[UUID]:
    """Members registered on some day of the period, by id; of several entries of one person the one that remains."""
    rows = await tx.fetch(REGISTRANTS, district, period.starts_on, period.ends_on)
    return [row["member_id"] for row in rows]


async def published_periods(tx: asyncpg.Connection, district: str, entries: Sequence[UUID]) -> dict[UUID, bool]:
    """Periods for which a person has a published statement, and whether it is that of the entry that remains, the first."""
    return {row["period_id"]: row["is_own"] for row in await tx.fetch(PERIODS_WITH, district, entries, entries[0])}


async def compute(
    tx: asyncpg.Connection,
    district: str,
    period: Period,
    members: Sequence[UUID],
    books: RuleBooks | None = None,
    decided: Decided = UNDECIDED,
) -> dict[UUID, Statement]:
    """Statements as of now, under the rules in force or under `books`. Members without a registration in the period are left out.

    Raises NoRuleSetInForce.
    """
    books = books or await load_books(tx, district)
    if books.unit.on(period.ends_on) is None:
        raise NoRuleSetInForce
    with rarely_collected():
        gathered = await _gather(tx, district, period, members, decided)
        return {member_id: _scored(member_id, known, books, period) for member_id, known in gathered.items() if known.registrations}


def _scored(member_id: UUID, known: Gathered, books: RuleBooks, period: Period) -> Statement:
    facts = [*_registered(known.registrations), *[_fact(row, period) for row in known.facts]]
    statement = score(facts, books, period, _registrant(member_id, known, period))
    return statement.without_proposal() if known.refuses_proposal else statement


async def _gather(tx: asyncpg.Connection, district: str, period: Period, members: Sequence[UUID], decided: Decided) -> dict[UUID, Gathered]:
    """By member, with whatever is known under entries that were merged into theirs."""
    gathered: defaultdict[UUID, Gathered] = defaultdict(Gathered)
    given_up = {row["member_id"]: row["into_member_id"] for row in await tx.fetch(GIVEN_UP, district, members)}

    def of(row: asyncpg.Record) -> Gathered:
        return gathered[given_up.get(row["member_id"], row["member_id"])]

    entries, days, taken_back = [*members, *given_up], (period.starts_on, period.ends_on), {str(each) for each in decided.taken_back}
    for row in await tx.fetch(REGISTRATIONS, district, entries, *days):
        of(row).registrations.append(row)
    for row in await tx.fetch(STATUSES, district, entries, period.ends_on):
        of(row).statuses.append(row)
    for row in await tx.fetch(FACTS, district, entries, period.period_id, *days):
        if row["subject"] not in taken_back:
            of(row).facts.append(row)
    for row in await tx.fetch(EXEMPTIONS, district, entries, period.period_id):
        of(row).exempted.append(Span(row["starts_on"], row["ends_on"]))
    for row in await tx.fetch(WAIVERS, district, entries, period.period_id):
        of(row).waived.add(row["category"])
    for row in await tx.fetch(OPEN_APPEALS, district, entries, period.period_id, decided.appeal_id):
        of(row).has_open_appeal = True
    for row in await tx.fetch(CASES, district, entries, period.period_id):
        of(row).refuses_proposal |= row["is_proposal_refused"]
        of(row).is_community_assessed |= row["is_community_assessed"]
    return gathered


def _fact(row: asyncpg.Record, period: Period) -> Fact:
    """What names its period counts there, also when it was written down afterwards."""
    _, kind, subject, revision, occurred, event_id, data, until, evidence, replaces, period_id = row
    if period_id is not None:
        occurred = until = period.nearest(occurred)
    return Fact(KINDS[kind], subject, revision, occurred, event_id, data, until, evidence=tuple(evidence), replaces=replaces)


def _registered(rows: Iterable[asyncpg.Record]) -> Iterable[Fact]:
    """Reported on one day, confirmed later: what counts is the day of the report."""
    for row in rows:
        until, evidence = row["closed_on"] or STANDING, (row["reported_by"],)
        yield Fact(
            FactKind.REGISTERED, str(row["registration_id"]), 1, row["reported_on"], row["confirmed_by"], {}, until, evidence=evidence
        )


def _registrant(member_id: UUID, known: Gathered, period: Period) -> Registrant:
    """Unit and community are those of the latest registration, the status is that of the last change; eligible are the days of all."""
    latest = known.registrations[-1]
    statuses = [latest, *(row for row in known.statuses if row["changed_on"] >= latest["reported_on"])]
    registered = [Span(row["reported_on"], row["closed_on"]) for row in known.registrations]
    paused = [span for row in known.registrations for span in _pauses(row["paused"])]
    days = eligible_days(period, registered, [*paused, *known.exempted])
    return Registrant(
        member_id=member_id,
        unit_id=latest["unit_id"],
        community_id=latest["community_id"],
        opened_by=latest["confirmed_by"],
        eligible_days=days,
        is_community_assessed=known.is_community_assessed,
        is_unit_elsewhere=latest["home_district"] is not None,
        is_probationary=statuses[-1]["is_probationary"],
        is_exempted=days == 0 < eligible_days(period, registered, paused),
        has_open_appeal=known.has_open_appeal,
        waived=frozenset(known.waived),
    )


def _pauses(days: Sequence[date]) -> Iterable[Span]:
    """Suspended and resumed in turn; the day of resuming counts again."""
    for suspended, resumed in zip_longest(days[::2], days[1::2]):
        yield Span(suspended, resumed - timedelta(days=1) if resumed else None)
