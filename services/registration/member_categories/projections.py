"""Declarations of communities → their latest counts."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.organisations import MemberCategoriesDeclared
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import fields, save


def declared(_event: Recorded, data: MemberCategoriesDeclared) -> Iterator[Write]:
    """The counts replace those declared before."""
    yield save("member_counts", fields(data, "community_id"), fields(data, "as_of", "counts"))


PROJECTIONS: Final[Projections] = {MemberCategoriesDeclared: declared}
