"""What the feature registrations offers to the service."""

from typing import Final

from services.registration.members.rows import of_member
from services.registration.registrations import api, desk, papers, transfer_requests
from services.registration.registrations.projections import PROJECTIONS
from services.registration.registrations.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature

FEATURE: Final = Feature(
    "registrations",
    routers=(api.router, desk.router, transfer_requests.router, papers.router),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(of_member("registrations"),),
)
