"""Events about programmes → the programmes as they read now."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.organisations import ProgrammeAmended, ProgrammeAnnounced
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import fields, save


def stated(_event: Recorded, data: ProgrammeAnnounced | ProgrammeAmended) -> Iterator[Write]:
    """The programme as it reads from now on."""
    wording = fields(data, "vocabulary", "member_categories") | {"forms": data.model_dump(mode="json")["forms"]}
    yield save("programmes", fields(data, "programme_id"), fields(data, "name", "legal_basis", "starts_on", "ends_on") | wording)


PROJECTIONS: Final[Projections] = {ProgrammeAnnounced: stated, ProgrammeAmended: stated}
