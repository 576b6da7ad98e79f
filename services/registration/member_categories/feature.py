"""What the feature member categories offers to the service."""

from typing import Final

from services.registration.member_categories import api
from services.registration.member_categories.projections import PROJECTIONS
from shared.feature import Feature

FEATURE: Final = Feature("member_categories", routers=(api.router,), projections=PROJECTIONS)
