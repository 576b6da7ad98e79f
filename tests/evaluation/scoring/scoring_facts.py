"""Short names for facts in scoring tests: one call, one fact; ids count up, so that order and identity are plain to see."""

import itertools
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from services.evaluation.scoring import example
from services.evaluation.scoring.engine import Statement, score
from services.evaluation.scoring.facts import STANDING, Fact, FactKind, Period, Registrant
from services.evaluation.scoring.rule_set import RuleBook, RuleBooks, RuleSet, Version

RULE_SETS = Path(__file__).parents[3] / "services/evaluation/rule_sets/presets"
YEAR = Period(UUID(int=1), date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 31), UUID(int=2))
MEMBER = Registrant(UUID(int=10), UUID(int=11), UUID(int=12), UUID(int=13), eligible_days=365)
SIX = ("VOLUNTEER_ACTIVITY", "COMMUNITY_PARTY_ACTIVITY", "FACE_TO_FACE_EXCHANGE", "POLICY_TALK", "SUGGESTION", "PRACTICAL_MATTER")

_numbers = itertools.count(1000)


@cache
def preset(name: str) -> RuleSet:
    """A rule set of the repository."""
    return RuleSet.model_validate_json((RULE_SETS / f"{name}.json").read_text())


def version(rules: RuleSet, number: int = 1, effective_from: date = date(2026, 1, 1), effective_to: date | None = None) -> Version:
    """Rules as published."""
    return Version(UUID(int=number), number, rules.title, effective_from, effective_to, rules)


def books(*versions: Version) -> RuleBooks:
    """One district's rules for both sides."""
    book = RuleBook.of(versions)
    return RuleBooks(book, book)


def statement(facts: list[Fact], *versions: Version, member: Registrant = MEMBER) -> Statement:
    """Score under the default rules unless told otherwise."""
    return score(facts, books(*(versions or (version(preset("default")),))), YEAR, member)


def fact(kind: FactKind, day: date, **data: str | int) -> Fact:
    """A fact about a subject of its own."""
    number = next(_numbers)
    return Fact(kind, f"subject {number}", 1, day, UUID(int=number), data)


def registered(day: date = date(2026, 1, 1)) -> Fact:
    """Reported and confirmed."""
    number = next(_numbers)
    return Fact(FactKind.REGISTERED, f"registration {number}", 1, day, UUID(int=number), until=STANDING)


def renewed(half: str) -> Fact:
    """Profile and willingness confirmed."""
    return fact(FactKind.RENEWED, date(2026, 5 if half.endswith("H1") else 11, 3), half=half)


def item(name: str, day: date = date(2026, 4, 1)) -> Fact:
    """One of the six ones."""
    return fact(FactKind.ITEM, day, item=name)


def service(minutes: int, day: date, activity_type: str = "VOLUNTEER_SERVICE", **data: str | int) -> Fact:
    """A confirmed record."""
    figures = {
        "minutes": minutes,
        "activity_type": activity_type,
        "evidence_level": "ORGANISER_CONFIRMED",
        "time_band": "OUTSIDE_WORK_HOURS",
    }
    return fact(FactKind.SERVICE, day, **{**figures, **data})


def duty(agreed: int, post: str = "post", day: date = date(2026, 1, 1), until: date = date(2026, 12, 31)) -> Fact:
    """A post taken up."""
    number = next(_numbers)
    return Fact(FactKind.DUTY, f"claim {number}", 1, day, UUID(int=number), {"post_id": post, "agreed_units": agreed}, until=until)


def rating(stars: int, day: date = date(2026, 6, 1)) -> Fact:
    """A resident's rating."""
    return fact(FactKind.RATING, day, rating=stars)


def no_show(day: date) -> Fact:
    """An unexcused absence."""
    return fact(FactKind.NO_SHOW, day)


def unit_assessment(attended: int, required: int, excused: int, marks: tuple[int, int, int, int], tasks: int) -> Fact:
    """The unit's half."""
    rubric = dict(zip(("JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT"), marks, strict=True))
    figures = {"attended": attended, "required": required, "excused": excused, "unit_tasks": tasks, **rubric}
    return fact(FactKind.UNIT_ASSESSMENT, date(2026, 12, 20), **figures)


def hours(*amounts: float, begin: date = date(2026, 2, 1), **data: str | int) -> list[Fact]:
    """Records of so many hours, one a day."""
    return [service(round(amount * 60), begin + timedelta(days=day), **data) for day, amount in enumerate(amounts)]


def tv1() -> list[Fact]:
    """The first test vector of the model, which is also the worked example of the rule page."""
    return example.facts(YEAR.starts_on.year)
