"""Events of hearings → deductions."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.hearings import DeductionAnswered, DeductionDropped, DeductionProposed, DeductionUpheld
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new

DECIDED: Final = "UPDATE deductions SET status = $3 WHERE district = $1 AND deduction_id = $2"


def proposed(_event: Recorded, data: DeductionProposed) -> Iterator[Write]:
    """The member may answer; nothing is deducted yet."""
    stated = fields(data, "member_id", "period_id", "community_id", "kind", "reason", "answer_until")
    yield save_new("deductions", fields(data, "deduction_id"), {**stated, "status": "PROPOSED"})


def answered(_event: Recorded, data: DeductionAnswered) -> Iterator[Write]:
    """The member's answer; a later one replaces it."""
    yield change("deductions", fields(data, "deduction_id"), fields(data, "answer"))


def upheld(_event: Recorded, data: DeductionUpheld) -> Iterator[Write]:
    """It takes effect; what it costs is a fact."""
    yield DECIDED, (data.deduction_id, "UPHELD")


def dropped(_event: Recorded, data: DeductionDropped) -> Iterator[Write]:
    """Nothing is deducted."""
    yield DECIDED, (data.deduction_id, "DROPPED")


PROJECTIONS: Final[Projections] = {
    DeductionProposed: proposed,
    DeductionAnswered: answered,
    DeductionUpheld: upheld,
    DeductionDropped: dropped,
}
