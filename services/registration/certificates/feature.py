"""What the feature certificates offers to the service."""

from typing import Final

from services.registration.certificates import api, checks, papers
from services.registration.certificates.projections import PROJECTIONS
from services.registration.members.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature(
    "certificates", routers=(api.router, checks.router, papers.router), projections=PROJECTIONS, member_rows=(of_member("certificates"),)
)
