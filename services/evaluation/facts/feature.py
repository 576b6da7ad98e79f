"""What facts consists of."""

from typing import Final

from services.evaluation.facts.projections import PROJECTIONS
from services.evaluation.membership.rows import of_member
from shared.feature import Feature

FEATURE: Final = Feature(
    "facts", projections=PROJECTIONS, member_rows=(of_member("facts", copied="{column} = ANY($1) AND kind <> 'RATING'"),)
)
