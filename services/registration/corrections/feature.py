"""What the feature corrections offers to the service."""

from typing import Final

from services.registration.corrections import api
from services.registration.corrections.projections import PROJECTIONS
from services.registration.members.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature("corrections", routers=(api.router,), projections=PROJECTIONS, member_rows=(of_member("corrections"),))
