"""The worked example of the rule page: one invented member's year, scored like everybody's. Under the default rules it gives 85.75."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from services.evaluation.scoring.engine import Statement, score
from services.evaluation.scoring.facts import STANDING, Fact, FactKind, Period, Registrant
from services.evaluation.scoring.rule_set import RuleBook, RuleBooks, Version

NOBODY: Final = UUID(int=0)
ITEMS: Final = ("VOLUNTEER_ACTIVITY", "COMMUNITY_PARTY_ACTIVITY", "FACE_TO_FACE_EXCHANGE", "POLICY_TALK", "SUGGESTION")
MINUTES: Final = (360, 360, 360, 360, 150)
STARS: Final = (5, 5, 5, 5, 4, 4)
SERVED: Final[dict[str, str | int]] = {
    "activity_type": "VOLUNTEER_SERVICE",
    "evidence_level": "ORGANISER_CONFIRMED",
    "time_band": "OUTSIDE_WORK_HOURS",
}
ASSESSED: Final[dict[str, str | int]] = {
    "attended": 20,
    "required": 24,
    "excused": 2,
    "unit_tasks": 4,
    "JOB_DUTIES": 10,
    "BRANCH_TASKS": 8,
    "JOINT_BUILDING": 8,
    "COMMUNITY_SUPPORT": 8,
}
Said = tuple[FactKind, date, dict[str, str | int]]


def worked_example(version: Version, year: int) -> Statement:
    """The invented year under one version of the rules, as if it had been in force from the first day to the last."""
    book = RuleBook.of([replace(version, effective_from=date(year, 1, 1), effective_to=None)])
    period = Period(NOBODY, date(year, 1, 1), date(year, 12, 31), date(year, 3, 31), NOBODY)
    member = Registrant(NOBODY, NOBODY, NOBODY, NOBODY, eligible_days=period.days)
    return score(facts(year), RuleBooks(book, book), period, member)


def facts(year: int) -> list[Fact]:
    """What the invented member did, and what others said of it."""
    numbered = enumerate(_year(year), 1)
    found = [Fact(kind, f"example {number}", 1, day, UUID(int=number), data) for number, (kind, day, data) in numbered]
    ends = {FactKind.REGISTERED: STANDING, FactKind.DUTY: date(year, 12, 31)}
    return [each._replace(until=ends[each.kind]) if each.kind in ends else each for each in found]


def _year(year: int) -> Iterator[Said]:
    yield FactKind.REGISTERED, date(year, 1, 1), {}
    yield FactKind.RENEWED, date(year, 5, 3), {"half": f"{year}-H1"}
    yield FactKind.RENEWED, date(year, 11, 3), {"half": f"{year}-H2"}
    for item in ITEMS:
        yield FactKind.ITEM, date(year, 4, 1), {"item": item}
    for day, minutes in enumerate(MINUTES):
        yield FactKind.SERVICE, date(year, 2, 1) + timedelta(days=day), {**SERVED, "minutes": minutes}
    yield FactKind.DUTY, date(year, 1, 1), {"post_id": "post", "agreed_units": 24}
    for day in range(1, 5):
        yield FactKind.SERVICE, date(year, 8, day), {**SERVED, "minutes": 0, "post_id": "post", "duty_units": 5}
    for stars in STARS:
        yield FactKind.RATING, date(year, 6, 1), {"rating": stars}
    for day in (1, 8):
        yield FactKind.NO_SHOW, date(year, 7, day), {}
    yield FactKind.SUGGESTION_ADOPTED, date(year, 9, 1), {}
    yield FactKind.UNIT_ASSESSMENT, date(year, 12, 20), ASSESSED
