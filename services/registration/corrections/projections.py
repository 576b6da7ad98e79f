"""Events about corrections → what members asked for and what became of it; the value goes with the answer."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.registration.changes import CorrectionAgreed, CorrectionDeclined, CorrectionRequested
from shared.contracts.registration.members import PersonalDataErased
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, delete, fields, save


def requested(event: Recorded, data: CorrectionRequested) -> Iterator[Write]:
    """It waits for the unit."""
    asked = fields(data, "value_sealed") | {"status": "REQUESTED", "requested_at": event.time, "reason": None}
    yield save("corrections", fields(data, "member_id", "field"), asked)


def agreed(_event: Recorded, data: CorrectionAgreed) -> Iterator[Write]:
    """The unit agreed."""
    answered = {"status": "AGREED", "reason": None, "value_sealed": None}
    yield change("corrections", fields(data, "member_id", "field"), answered)


def declined(_event: Recorded, data: CorrectionDeclined) -> Iterator[Write]:
    """The unit declined."""
    answered = {"status": "DECLINED", "reason": data.reason, "value_sealed": None}
    yield change("corrections", fields(data, "member_id", "field"), answered)


def erased(_event: Recorded, data: PersonalDataErased) -> Iterator[Write]:
    """Nothing of the member stays."""
    yield delete("corrections", fields(data, "member_id"))


PROJECTIONS: Final[Projections] = {
    CorrectionRequested: requested,
    CorrectionAgreed: agreed,
    CorrectionDeclined: declined,
    PersonalDataErased: erased,
}
