"""A patrol rota is even, and asks those who had fewer turns."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from services.activities.series.rota import Turn, suggested
from tests.activities.given import member, some_id


@given(
    people=st.integers(2, 7),
    capacities=st.lists(st.one_of(st.none(), st.integers(1, 2)), max_size=12),
)
def test_a_rota_is_even_and_puts_nobody_on_a_day_twice(people: int, capacities: list[int | None]):
    turns = [Turn(some_id("dd", number), capacity, frozenset()) for number, capacity in enumerate(capacities)]
    found = suggested(turns, {member(number): 0 for number in range(people)})
    counts = Counter(each for chosen in found.values() for each in chosen)
    assert all(len(set(chosen)) == len(chosen) for chosen in found.values())
    assert max(counts.values(), default=0) - min((counts[member(number)] for number in range(people)), default=0) <= 1
    assert all(len(found[turn.activity_id]) == min(people, turn.open_places) for turn in turns)


def test_a_rota_asks_those_who_had_fewer_turns_and_leaves_taken_places_alone():
    turn = Turn(some_id("dd", 1), 2, frozenset({member(1)}))
    assert suggested([turn], {member(1): 0, member(2): 5, member(3): 1}) == {turn.activity_id: (member(3),)}
