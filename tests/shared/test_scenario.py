"""A failing scenario says what differs: which event is missing or too many, which fields, which rule and which of its facts."""

import re
from typing import ClassVar

import pytest

from shared.contracts.event import Event, Value
from shared.decider import Command, Decider, DomainError
from shared.testing.scenario import Scenario


class Dish(Value):
    """A part of an event."""

    name: str
    plates: int = 1


class TableLaid(Event):
    """A planted event."""

    TYPE: ClassVar[str] = "guangcai.planted.TableLaid"
    VERSION: ClassVar[int] = 1
    guests: int
    dishes: tuple[Dish, ...] = ()


class BellRung(Event):
    """Another one."""

    TYPE: ClassVar[str] = "guangcai.planted.BellRung"
    VERSION: ClassVar[int] = 1
    times: int = 1


class TooManyGuests(DomainError):
    """The table seats eight."""


class KitchenClosed(DomainError):
    """Nothing is cooked now."""


class Lay(Command):
    """Lay the table."""

    guests: int


SEATS = 8


def decide(command: Lay, _state: None) -> tuple[Event, ...]:
    if command.guests > SEATS:
        raise TooManyGuests(seats=SEATS, guests=command.guests)
    return (TableLaid(guests=command.guests, dishes=(Dish(name="汤"), Dish(name="饭", plates=command.guests))), BellRung())


TABLE = Decider(category="table", initial=None, decide=decide, evolve=lambda state, _event: state)
LAID = TableLaid(guests=2, dishes=(Dish(name="汤"), Dish(name="饭", plates=2)))


def laid(guests: int = 2) -> Scenario[Lay, None]:
    return Scenario(TABLE).when(Lay(guests=guests))


def test_what_is_as_expected_passes() -> None:
    assert laid().then(LAID, BellRung()) == (LAID, BellRung())
    assert laid().then_events(TableLaid, BellRung) == (LAID, BellRung())
    laid(9).then_rejected(TooManyGuests, seats=8)


@pytest.mark.parametrize(
    ("expected", "lines"),
    [
        ((LAID,), ["2. not expected: BellRung(times=1)"]),
        ((LAID, BellRung(), BellRung(times=2)), ["3. missing: BellRung(times=2)"]),
        ((BellRung(), BellRung()), ["1. expected BellRung(times=1)", "   but got TableLaid(guests=2, dishes=("]),
        ((LAID, BellRung(times=3)), ["2. BellRung:", "   times: expected 3, got 1"]),
        (
            (TableLaid(guests=3, dishes=(Dish(name="汤", plates=4),)), BellRung()),
            [
                "1. TableLaid:",
                "   guests: expected 3, got 2",
                "   dishes[0].plates: expected 4, got 1",
                "   dishes[1]: expected '(absent)', got {",
            ],
        ),
    ],
)
def test_other_events_are_compared_field_by_field(expected: tuple[Event, ...], lines: list[str]) -> None:
    with pytest.raises(AssertionError) as failure:
        laid().then(*expected)
    said = str(failure.value).splitlines()
    assert said[0] == "other events than expected:"
    assert len(said) == 1 + len(lines)
    assert all(line.startswith(wanted) for line, wanted in zip(said[1:], lines, strict=True))


def test_events_of_other_types_are_listed() -> None:
    with pytest.raises(AssertionError, match=r"expected \['BellRung'\], got:\n  TableLaid\(guests=2.*\n  BellRung\(times=1\)"):
        laid().then_events(BellRung)


def test_a_broken_rule_instead_of_events_is_named_with_its_facts() -> None:
    with pytest.raises(AssertionError, match=re.escape("the rule too_many_guests was broken, with {'seats': 8, 'guests': 9}")):
        laid(9).then(LAID)
    with pytest.raises(AssertionError, match="the rule too_many_guests was broken"):
        laid(9).then_events(TableLaid)


def test_events_instead_of_a_broken_rule_are_listed() -> None:
    with pytest.raises(AssertionError, match=r"expected TooManyGuests, got events:\n  TableLaid\(guests=2.*\n  BellRung"):
        laid().then_rejected(TooManyGuests)


def test_another_rule_and_other_facts_are_named() -> None:
    with pytest.raises(AssertionError, match="expected KitchenClosed, got TooManyGuests with"):
        laid(9).then_rejected(KitchenClosed)
    with pytest.raises(
        AssertionError, match=r"TooManyGuests with other facts:\n  seats: expected 10, got 8\n  day: expected 1, got '\(absent\)'"
    ):
        laid(9).then_rejected(TooManyGuests, seats=10, day=1)
