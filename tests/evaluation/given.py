"""Events and figures that examples start from. Invented ids."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.evaluation.cases.state import case_id
from services.evaluation.scoring.engine import Statement
from services.evaluation.scoring.facts import Fact, FactKind, Period
from shared.contracts.evaluation.assessments import RubricScore
from shared.contracts.evaluation.codes import ReferenceGrade, RubricItem, Side
from shared.contracts.evaluation.hearings import AppealLodged
from shared.contracts.evaluation.statements import ScoreLine, ScoreStatementPublished

MEMBER = UUID("0192aaaa-0000-7000-8000-000000000001")
UNIT = UUID("0192bbbb-0000-7000-8000-000000000001")
COMMUNITY = UUID("0192cccc-0000-7000-8000-000000000001")
PERIOD = UUID("0192dddd-0000-7000-8000-000000000001")
RULE_SET = UUID("0192eeee-0000-7000-8000-000000000001")
APPEAL = UUID("0192ffff-0000-7000-8000-000000000001")
PUBLISHED_UNTIL = date(2027, 1, 29)
YEAR = Period(PERIOD, date(2026, 1, 1), date(2026, 12, 31), date(2026, 3, 31), UUID(int=2))
RUBRIC = tuple(RubricScore(item=item, score=8) for item in RubricItem)


def record(event: int = 5, day: date = date(2026, 5, 20), revision: int = 1, *, voided: bool = False) -> Fact:
    """A confirmed record, always the same one."""
    return Fact(FactKind.SERVICE, "record", revision, day, UUID(int=event), {"minutes": 60}, voided=voided)


def left_post(event: int = 5, day: date = date(2026, 5, 20)) -> Fact:
    """A post that its holder left without a word."""
    return Fact(FactKind.DUTY, "claim", 2, date(2026, 1, 1), UUID(int=event), {"post_id": "post", "abandoned_on": day.isoformat()})


def line(points: str, number: int = 1) -> ScoreLine:
    """A line worth `points`."""
    return ScoreLine(
        line_id=UUID(int=number),
        member_id=MEMBER,
        period_id=PERIOD,
        side=Side.COMMUNITY,
        category="C3",
        rule_id="C3.hours",
        rule_set_id=RULE_SET,
        rule_set_version=1,
        occurred=date(2026, 5, 1),
        source_event_ids=(UUID(int=100 + number),),
        inputs={},
        raw=Decimal(points),
        points=Decimal(points),
        text_zh="",
        text_en="",
    )


def computed(*lines: ScoreLine, score: str = "85.75", grade: ReferenceGrade = ReferenceGrade.EXCELLENT) -> Statement:
    """A computed statement."""
    return Statement(
        member_id=MEMBER,
        period_id=PERIOD,
        unit_id=UNIT,
        community_id=COMMUNITY,
        rule_sets=(),
        eligible_days=365,
        period_days=365,
        unit_score=Decimal("86.36"),
        community_score=Decimal("84.84"),
        score=Decimal(score),
        grade=grade,
        not_rated_reason=None,
        level=None,
        categories=(),
        lines=lines or (line("23.25"),),
    )


def published(*lines: ScoreLine) -> ScoreStatementPublished:
    """The statement as it became known."""
    figures = computed(*lines)
    return ScoreStatementPublished(
        statement_id=case_id(MEMBER, PERIOD),
        version=1,
        appeal_until=PUBLISHED_UNTIL,
        **figures.figures(),
    )


def lodged(statement_version: int = 1) -> AppealLodged:
    """An open appeal."""
    return AppealLodged(
        appeal_id=APPEAL,
        member_id=MEMBER,
        period_id=PERIOD,
        statement_id=case_id(MEMBER, PERIOD),
        statement_version=statement_version,
        unit_id=UNIT,
        community_id=COMMUNITY,
        line_ids=(),
        grounds="五月的服务时间记少了",
        decide_by=date(2027, 2, 10),
    )
