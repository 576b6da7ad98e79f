"""Which minutes an account of the time bank holds, and until when: what came in, less what went out, oldest first.

Invariant: the lots of an account add up to its balance; when more went out than came in, what comes in next pays that first.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, assert_never
from uuid import UUID

from shared.contracts.activities.time_bank import TimeCredited, TimeExpired, TimeLot, TimeRedeemed, TimeTransferred

Standing = TimeCredited | TimeTransferred | TimeRedeemed | TimeExpired
Lots = tuple[TimeLot, ...]
NOTHING: Final[Lots] = ()


def lots_by_member(entries: Iterable[Standing]) -> Mapping[UUID, Lots]:
    """Lots of every member, those that expire first in front. `entries` in order of arrival, without reversed ones and their mirrors."""
    lots: defaultdict[UUID, Lots] = defaultdict(tuple)
    owed: defaultdict[UUID, int] = defaultdict(int)
    for entry in entries:
        giver, taker = entry.from_member_id, entry.to_member_id
        if giver is not None:
            taken, left = take(_named_first(lots[giver], entry), entry.minutes)
            lots[giver] = _in_order(left)
            owed[giver] += entry.minutes - _sum(taken)
        if taker is not None:
            paid, left = take(_arriving(entry), owed[taker])
            owed[taker] -= _sum(paid)
            lots[taker] = _in_order((*lots[taker], *left))
    return lots


def take(lots: Lots, minutes: int) -> tuple[Lots, Lots]:
    """The first `minutes` of the lots, or all there are, and what is left."""
    taken: list[TimeLot] = []
    left: list[TimeLot] = []
    for lot in lots:
        part = min(lot.minutes, minutes)
        minutes -= part
        if part:
            taken.append(lot.model_copy(update={"minutes": part}))
        if lot.minutes > part:
            left.append(lot.model_copy(update={"minutes": lot.minutes - part}))
    return tuple(taken), tuple(left)


def usable(lots: Lots, today: date) -> Lots:
    """Lots whose last day is not over."""
    return tuple(lot for lot in lots if lot.expires_on is None or lot.expires_on >= today)


def _named_first(lots: Lots, entry: Standing) -> Lots:
    """Of several lots an expiry takes the one that it names; everything else takes what expires first."""
    if not isinstance(entry, TimeExpired):
        return lots
    named = entry.source_entry_id
    return tuple(sorted(lots, key=lambda lot: lot.source_entry_id != named))


def _arriving(entry: Standing) -> Lots:
    match entry:
        case TimeTransferred(lots=()) | TimeRedeemed() | TimeExpired():
            return (TimeLot(source_entry_id=entry.entry_id, minutes=entry.minutes),)
        case TimeTransferred():
            return entry.lots
        case TimeCredited():
            return (TimeLot(source_entry_id=entry.entry_id, minutes=entry.minutes, expires_on=entry.expires_on),)
        case _:
            assert_never(entry)


def _in_order(lots: Lots) -> Lots:
    return tuple(sorted(lots, key=lambda lot: lot.expires_on or date.max))


def _sum(lots: Lots) -> int:
    return sum(lot.minutes for lot in lots)
