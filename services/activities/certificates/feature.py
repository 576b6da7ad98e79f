"""What service certificates offer to the service."""

from typing import Final

from services.activities.certificates import api, papers, publicity
from services.activities.certificates.certificate import CERTIFICATE
from services.activities.certificates.projections import PROJECTIONS
from services.activities.certificates.reactions import PERFORMERS, REACTIONS
from shared.contracts.activities.retention import Retained
from shared.feature import Feature
from shared.member_rows import Deletion, MemberRows

OBJECTIONS: Final = """
DELETE FROM certificate_objections o USING certificates c
WHERE o.district = $1 AND c.district = o.district AND c.certificate_id = o.certificate_id AND c.issued_on < $2
"""
CERTIFICATES: Final = "DELETE FROM certificates WHERE district = $1 AND issued_on < $2"
FEATURE: Final = Feature(
    "certificates",
    (api.router, papers.router, publicity.router),
    PROJECTIONS,
    REACTIONS,
    PERFORMERS,
    member_rows=(MemberRows("certificates", aggregate=CERTIFICATE, stream="certificate_id"),),
    deletions=(Deletion(Retained.LEDGER, OBJECTIONS), Deletion(Retained.LEDGER, CERTIFICATES)),
)
