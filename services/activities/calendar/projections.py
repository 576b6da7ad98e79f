"""Secret links, open or revoked, as rows."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.activities.links import CalendarLinkOpened, CalendarLinkRevoked
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def opened(_event: Recorded, data: CalendarLinkOpened) -> Iterator[Write]:
    """A link that leads to its member's calendar."""
    yield save("calendar_links", fields(data, "link_id"), {"member_id": data.member_id, "is_open": True})


def revoked(_event: Recorded, data: CalendarLinkRevoked) -> Iterator[Write]:
    """The link leads nowhere any more."""
    yield change("calendar_links", fields(data, "link_id"), {"is_open": False})


PROJECTIONS: Final[Projections] = {CalendarLinkOpened: opened, CalendarLinkRevoked: revoked}
