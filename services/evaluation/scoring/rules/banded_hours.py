"""Banded hours: confirmed hours fill bands one after the other, each with its own rate; a day counts up to a limit, beyond which only
hours count that two persons confirmed.

The hours already consumed are carried from fact to fact and through a change of version: a new version goes on where the old one stopped.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.evaluation.scoring.rule import ONE, ZERO, Award, Docket, Model, Rule, award
from shared.contracts.evaluation.codes import AdjustmentKind


class Band(Model):
    """So many hours (None: without end) at so many points each."""

    hours: Decimal | None
    points_per_hour: Decimal


class BandedHours(Rule):
    """E.g. 20 hours at 1 and 20 more at 0.5. Prorated bands are narrower and worth the same."""

    INPUTS: ClassVar[frozenset[str]] = frozenset({"date", "hours", "counted_hours", "hours_so_far"})

    function: Literal["banded_hours"]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    hours_per_day: Decimal | None = None
    prorated: bool = False


def assess(docket: Docket[BandedHours]) -> Iterator[Award]:
    """One award per record that states a time."""
    consumed = worth = ZERO
    by_day: dict[date, Decimal] = defaultdict(Decimal)
    share = rate = ZERO
    last = None
    for entry in docket.entries:
        fact, rule = entry.fact, entry.by.rule
        if rule is not last:
            share, last = docket.case.share if rule.prorated else ONE, rule
            worth, rate = _worth(rule, consumed, share), rule.bands[0].points_per_hour
        hours = Decimal(fact.number("minutes")) / 60
        if not hours:
            continue
        limit = None if fact.number("second_confirmed") else rule.hours_per_day
        counted = hours if limit is None else min(hours, max(ZERO, limit - by_day[fact.occurred]))
        at_rate = counted * rate
        full_rate = at_rate / share if share else ZERO
        by_day[fact.occurred] += ZERO if limit is None else counted
        consumed += counted
        worth, before = _worth(rule, consumed, share), worth
        earned = worth - before
        yield award(
            entry,
            hours * rate,
            (AdjustmentKind.DAILY_CAP, (counted - hours) * rate),
            (AdjustmentKind.PRORATION, full_rate - at_rate),
            (AdjustmentKind.BAND, earned - full_rate),
            hours=hours,
            counted_hours=counted,
            hours_so_far=consumed,
        )


def _worth(rule: BandedHours, hours: Decimal, share: Decimal) -> Decimal:
    """Points of the first `hours` of a period."""
    worth = ZERO
    for band in rule.bands:
        if not share:
            break
        inside = hours if band.hours is None else min(hours, band.hours * share)
        worth += inside * band.points_per_hour / share
        hours -= inside
    return worth
