"""Labels that an office explained are remembered, the last word on each counts, and their number is limited."""

from uuid import UUID

from services.registration.rosters.column_mapping import MOST_LABELS, ROSTER_COLUMNS, MapColumns, TooManyColumnLabels
from shared.contracts.registration.rosters import RosterColumnsMapped, RosterField
from shared.testing.scenario import Scenario

OWNER = UUID(int=7)
FIRST, SECOND, *_ = RosterField


def explained(**columns: RosterField) -> MapColumns:
    return MapColumns(owner_id=OWNER, columns=columns)


def said(**columns: RosterField) -> RosterColumnsMapped:
    return RosterColumnsMapped(owner_id=OWNER, columns=columns)


def test_only_what_is_new_or_changed_is_said_again() -> None:
    Scenario(ROSTER_COLUMNS).when(explained(联络方式=FIRST)).then(said(联络方式=FIRST))
    Scenario(ROSTER_COLUMNS).given(said(联络方式=FIRST)).when(explained(联络方式=FIRST)).then_nothing()
    Scenario(ROSTER_COLUMNS).given(said(联络方式=FIRST)).when(explained(联络方式=SECOND, 住处=FIRST)).then(
        said(联络方式=SECOND, 住处=FIRST)
    )
    Scenario(ROSTER_COLUMNS).given(said(联络方式=FIRST), said(联络方式=SECOND)).when(explained(联络方式=SECOND)).then_nothing()


def test_an_office_explains_at_most_so_many_labels() -> None:
    full = said(**{f"栏{number}": FIRST for number in range(MOST_LABELS)})
    Scenario(ROSTER_COLUMNS).given(full).when(explained(栏0=SECOND)).then(said(栏0=SECOND))
    Scenario(ROSTER_COLUMNS).given(full).when(explained(又一栏=FIRST)).then_rejected(TooManyColumnLabels)
