"""Published tables reveal no small count, not even by subtraction."""

from hypothesis import assume, given
from hypothesis import strategies as st

from ops.demo import make_roster
from shared.privacy.small_cells import SMALLEST_SHOWN, suppressed, suppressed_margin, told

TABLES = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 3)), st.integers(0, 9), max_size=20)


@given(TABLES)
def test_small_counts_are_hidden_and_never_alone_in_their_line(cells: dict[tuple[int, int], int]) -> None:
    shown = suppressed(cells)
    assert not [cell for cell, count in cells.items() if 0 < count < SMALLEST_SHOWN and shown[cell] is not None]
    for axis in (0, 1):
        for line in {cell[axis] for cell in cells}:
            members = [cell for cell in cells if cell[axis] == line]
            hidden = [cell for cell in members if shown[cell] is None]
            others = [cell for cell in members if shown[cell] is not None and cells[cell] > 0]
            assert len(hidden) != 1 or not others


@given(TABLES)
def test_what_is_shown_is_true(cells: dict[tuple[int, int], int]) -> None:
    assert all(count is None or count == cells[cell] for cell, count in suppressed(cells).items())


@given(TABLES)
def test_sums_published_beside_the_cells_give_no_small_count_away(cells: dict[tuple[int, int], int]) -> None:
    assume(sum(cells.values()) >= SMALLEST_SHOWN)  # a total of one or two is itself a small count
    table: dict[tuple[int | None, int | None], int] = {**cells}
    for row, column in cells:
        table[row, None] = sum(count for cell, count in cells.items() if cell[0] == row)
        table[None, column] = sum(count for cell, count in cells.items() if cell[1] == column)
    known = {cell for cell, count in suppressed(table).items() if count is not None}
    lines = [[cell for cell in table if cell[axis] == name] for axis in (0, 1) for name in {cell[axis] for cell in table}]
    while found := [cell for line in lines for cell in line if cell not in known and known.issuperset({*line} - {cell})]:
        assert not [cell for cell in found if told(table[cell]) is None]
        known |= {*found}


def test_a_single_count_is_nobody_or_at_least_three() -> None:
    assert [told(count) for count in (0, 1, 2, 3, 40)] == [0, None, None, 3, 40]


def test_a_lone_small_count_takes_another_with_it_so_that_the_total_may_be_shown() -> None:
    assert suppressed_margin({"a": 0, "b": 1, "c": 4, "d": 32}) == {"a": 0, "b": None, "c": None, "d": 32}
    assert suppressed_margin({"a": 1, "b": 2, "c": 32}) == {"a": None, "b": None, "c": 32}


def test_the_only_registrant_of_a_community_is_not_published() -> None:
    margin = suppressed_margin({name: sum(counts) for name, counts in make_roster.JOINT_TABLE.items()})
    assert (margin["钢铁社区"], margin["东晶社区"]) == (None, None)
    assert margin["南园社区"] == 23
