"""From awards to score lines: caps consumed in order, rounding that adds up, explanations.

Invariants: `points == raw + Σ adjustments` for every line; the lines of a category add up to its total, rounded once, because a
line is the difference of two rounded running totals. Adding up lines that were rounded one by one would drift with the number of visits.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from services.evaluation.scoring.facts import Case
from services.evaluation.scoring.rule import ZERO, Award, hundredths
from services.evaluation.scoring.rule_set import Category
from shared.contracts.evaluation.codes import AdjustmentKind, Side
from shared.contracts.evaluation.statements import Adjustment, ScoreLine
from shared.contracts.event import Value
from shared.identifiers import content_id

V = TypeVar("V", bound=Value)


class Draft(NamedTuple):
    """An award within its category, with the amounts that the line will show."""

    category: Category
    award: Award
    raw: Decimal
    adjustments: tuple[Adjustment, ...]
    points: Decimal  # raw and all adjustments

    def adjusted(self, kind: AdjustmentKind, delta: Decimal) -> "Draft":
        """The same with one step more, unless the step is nil."""
        if not delta:
            return self
        steps = (*self.adjustments, unchecked(Adjustment, kind=kind, delta=delta))
        return Draft(self.category, self.award, self.raw, steps, self.points + delta)


def unchecked(cls: type[V], **fields: Any) -> V:
    """Made without looking at the fields, which must be all there are and of their types: lines are made by the million."""
    made = cls.__new__(cls)
    object.__setattr__(made, "__dict__", fields)
    object.__setattr__(made, "__pydantic_fields_set__", set(fields))
    object.__setattr__(made, "__pydantic_extra__", None)
    object.__setattr__(made, "__pydantic_private__", None)
    return made


def settle(awards: Iterable[tuple[Category, Award]], scale: Decimal) -> list[Draft]:
    """Give out one category in order. Each award brings the category as its version states it; `scale` makes up for waivers."""
    drafts: list[Draft] = []
    reached, given, rounded = ZERO, ZERO, hundredths(ZERO)
    for category, award in awards:
        value = award.value
        scaled = value * scale
        allowed = _within(category, scaled, reached, scale)
        if allowed:
            reached += allowed
            rounded = hundredths(reached)
        points = rounded - given
        given += points
        steps = (*award.steps, (AdjustmentKind.WAIVER, scaled - value), (AdjustmentKind.CATEGORY_CAP, allowed - scaled))
        drafts.append(_draft(category, award, steps, points))
    return drafts


def _within(category: Category, amount: Decimal, reached: Decimal, scale: Decimal) -> Decimal:
    """As much of the amount as the category still has room for."""
    if amount > 0 and category.cap is not None:
        return max(ZERO, min(amount, category.cap * scale - reached))
    if amount < 0 and category.floor is not None:
        return min(ZERO, max(amount, category.floor * scale - reached))
    return amount


def _draft(category: Category, award: Award, steps: Sequence[tuple[AdjustmentKind, Decimal]], points: Decimal) -> Draft:
    """Show the steps in hundredths; what rounding makes of them is a step of its own, so that every line adds up."""
    exact, raw = award.raw, hundredths(award.raw)
    given, shown, adjustments = raw, raw, list[Adjustment]()
    for kind, delta in steps:
        if delta:
            exact, before = exact + delta, shown
            shown = hundredths(exact)
            if step := shown - before:
                given += step  # of the steps: `shown` may be a negative zero
                adjustments.append(unchecked(Adjustment, kind=kind, delta=step))
    if rest := points - given:
        given += rest
        adjustments.append(unchecked(Adjustment, kind=AdjustmentKind.ROUNDING, delta=rest))
    return Draft(category, award, raw, tuple(adjustments), given)


def limit(drafts: Sequence[Draft], floor: Decimal | None, ceiling: Decimal | None) -> list[Draft]:
    """Keep a side within its bounds by trimming from the last line backwards: bonus before core, deductions where they went too far."""
    result = sum([draft.points for draft in drafts], ZERO)
    if ceiling is not None and result > ceiling:
        over = result - ceiling
    elif floor is not None and result < floor:
        over = result - floor
    else:
        return list(drafts)
    trimmed: list[Draft] = []
    for draft in reversed(drafts):
        cut = max(ZERO, min(over, draft.points)) if over > 0 else min(ZERO, max(over, draft.points))
        over -= cut
        trimmed.append(draft.adjusted(AdjustmentKind.SIDE_LIMIT, -cut))
    return trimmed[::-1]


def line(draft: Draft, case: Case) -> ScoreLine:
    """The line as the member reads it."""
    award, side, rule = draft.award, draft.category.side, draft.award.by.rule
    placeholders = {**award.inputs, "points": f"{draft.points:.2f}"}
    return unchecked(
        ScoreLine,
        line_id=line_id(case, side, rule.id, award.anchor),
        member_id=case.registrant.member_id,
        period_id=case.period.period_id,
        side=side,
        category=draft.category.code,
        rule_id=rule.id,
        rule_set_id=award.by.rule_set_id,
        rule_set_version=award.by.version,
        occurred=award.occurred,
        source_event_ids=award.sources,
        inputs=dict(award.inputs),
        raw=draft.raw,
        adjustments=draft.adjustments,
        points=draft.points,
        text_zh=rule.text.zh.format_map(placeholders),
        text_en=rule.text.en.format_map(placeholders),
        reverses=line_id(case, side, rule.id, award.replaces) if award.replaces else None,
    )


def line_id(case: Case, side: Side, rule_id: str, anchor: str) -> UUID:
    """The same at every recomputation, so that two versions of a statement can be compared line by line."""
    return content_id(f"{case.registrant.member_id}/{case.period.period_id}/{side}/{rule_id}/{anchor}".encode())
