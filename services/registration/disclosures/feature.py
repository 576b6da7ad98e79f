"""What the feature disclosures offers to the service."""

from typing import Final

from services.registration.disclosures import addresses, paper_names
from shared.feature import Feature

FEATURE: Final = Feature("disclosures", routers=(addresses.router, paper_names.router))
