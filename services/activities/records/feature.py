"""What records offer to the service."""

from typing import Final

from services.activities.gatherings.activity import ACTIVITY
from services.activities.records import api, correction_requests
from services.activities.records.projections import PROJECTIONS
from services.activities.records.reactions import PERFORMERS, REACTIONS
from shared.contracts.activities.retention import Retained
from shared.feature import Feature
from shared.member_rows import Deletion, MemberRows

FEATURE: Final = Feature(
    "records",
    routers=(api.router, correction_requests.router),
    projections=PROJECTIONS,
    reactions=REACTIONS,
    performers=PERFORMERS,
    member_rows=(MemberRows("records", aggregate=ACTIVITY, stream="activity_id"),),
    deletions=(Deletion(Retained.LEDGER, "DELETE FROM records WHERE district = $1 AND served_on < $2"),),
)
