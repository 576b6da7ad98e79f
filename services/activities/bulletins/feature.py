"""What bulletins offer to the service."""

from typing import Final

from services.activities.bulletins import api, naming
from services.activities.bulletins.bulletin import BULLETIN
from services.activities.bulletins.projections import PROJECTIONS
from shared.contracts.activities.retention import Retained
from shared.feature import Feature
from shared.member_rows import Deletion, MemberRows

AGREEMENTS: Final = """
DELETE FROM bulletin_agreements a USING bulletin_questions q
WHERE a.district = $1 AND q.district = a.district AND q.bulletin_id = a.bulletin_id AND q.month < to_char($2::date, 'YYYY-MM')
"""
QUESTIONS: Final = "DELETE FROM bulletin_questions WHERE district = $1 AND month < to_char($2::date, 'YYYY-MM')"
FEATURE: Final = Feature(
    "bulletins",
    (api.router, naming.router),
    PROJECTIONS,
    member_rows=(
        MemberRows("bulletin_questions", aggregate=BULLETIN, stream="bulletin_id", is_key=True),
        MemberRows("bulletin_agreements", aggregate=BULLETIN, stream="bulletin_id", is_key=True),
    ),
    deletions=(Deletion(Retained.LEDGER, AGREEMENTS), Deletion(Retained.LEDGER, QUESTIONS)),
)
