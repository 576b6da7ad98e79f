"""What the time bank's ledgers offer to the service."""

from typing import Final

from services.activities.time_bank import api
from services.activities.time_bank.ledger import LEDGER
from services.activities.time_bank.projections import PROJECTIONS
from services.activities.time_bank.reactions import PERFORMERS, REACTIONS
from shared.feature import Feature
from shared.member_rows import MemberRows

FEATURE: Final = Feature(
    "time_bank",
    (api.router,),
    PROJECTIONS,
    REACTIONS,
    PERFORMERS,
    member_rows=(
        MemberRows("time_entries", "from_member_id", aggregate=LEDGER, stream="community_id"),
        MemberRows("time_entries", "to_member_id", aggregate=LEDGER, stream="community_id"),
    ),
)
