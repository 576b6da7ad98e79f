"""What calendars offer to the service."""

from typing import Final

from services.activities.calendar import api, links, sign_in
from services.activities.calendar.link import LINK
from services.activities.calendar.projections import PROJECTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "calendar",
    routers=(sign_in.router, links.router, api.router),
    projections=PROJECTIONS,
    member_rows=(MemberRows("calendar_links", aggregate=LINK, stream="link_id"),),
)
