"""Every partition adds up, and no small count can be worked out."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.registration.member_categories.partition import Cell, partitions, sums
from services.registration.programmes.programme import IN_SERVICE, MEMBER_CATEGORIES, TOTAL
from shared.privacy.small_cells import SMALLEST_SHOWN, suppressed_along, told

# AC-17: those whose contract ended, laid off, demobilised, retired, residents, staff of organs

STREETS = {UUID(int=number): UUID(int=100 + number % 3) for number in range(6)}


COUNTS = st.dictionaries(
    st.sampled_from(list(STREETS)), st.dictionaries(st.sampled_from([*MEMBER_CATEGORIES, IN_SERVICE]), st.integers(0, 9), max_size=7)
)


@given(COUNTS)
def test_every_partition_adds_up_to_its_total_in_community_street_and_district(counts: dict[UUID, dict[str, int]]) -> None:
    cells = partitions(STREETS, counts)
    for organisation in {organisation for organisation, _ in cells}:
        assert cells[organisation, TOTAL] == sum(
            count for (each, category), count in cells.items() if each == organisation and category != TOTAL
        )
    for community_id, categories in counts.items():
        assert {category: cells[community_id, category] for category in categories} == categories
    for category in {category for _, category in cells}:
        streets = {street: 0 for street in STREETS.values() if (street, category) in cells}
        for community_id, street in STREETS.items():
            if (community_id, category) in cells:
                streets[street] += cells[community_id, category]
        assert streets == {street: cells[street, category] for street in streets}
        assert cells[None, category] == sum(streets.values())


@given(COUNTS)
def test_every_figure_below_the_district_stands_in_two_sums_that_add_up(counts: dict[UUID, dict[str, int]]) -> None:
    cells = partitions(STREETS, counts)
    lines = sums(STREETS, cells)
    for line in lines:
        assert not line or 2 * max(cells[cell] for cell in line) == sum(cells[cell] for cell in line)
    for cell in cells:  # among the categories of its organisation, and among the organisations with its category
        assert sum(cell in line for line in lines) == 2 + (cell[0] in STREETS.values()), cell


@given(COUNTS, st.sets(st.sampled_from(list(STREETS)), max_size=2))
def test_g12_no_small_count_of_others_is_shown_or_left_alone_in_a_sum(counts: dict[UUID, dict[str, int]], managed: set[UUID]) -> None:
    cells = partitions(STREETS, counts)
    already: dict[Cell, int | None] = {cell: count for cell, count in cells.items() if cell[0] in managed}
    shown = suppressed_along(cells, sums(STREETS, cells), already)
    assert {cell for cell, count in cells.items() if told(count) is None and cell not in already} <= {
        cell for cell, count in shown.items() if count is None
    }
    assert all(count is None or count == cells[cell] for cell, count in shown.items())
    assert all(shown[cell] == count for cell, count in already.items()), "who manages a community reads it whole"
    for line in sums(STREETS, cells):
        hidden = [cell for cell in line if shown[cell] is None]
        others = [cell for cell in line if shown[cell] is not None and cell not in already and cells[cell] > 0]
        assert len(hidden) != 1 or not others


@given(COUNTS)
def test_what_another_report_hides_stays_hidden_and_what_it_shows_protects_nothing(counts: dict[UUID, dict[str, int]]) -> None:
    cells = partitions(STREETS, counts)
    in_service = [cell for cell in cells if cell[0] in STREETS and cell[1] == IN_SERVICE]
    already: dict[Cell, int | None] = {cell: None if cells[cell] < SMALLEST_SHOWN + 2 else cells[cell] for cell in in_service}
    shown = suppressed_along(cells, sums(STREETS, cells), already)
    assert {cell: shown[cell] for cell in in_service} == already
