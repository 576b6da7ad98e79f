"""Events of public notices → objections."""

from collections.abc import Iterator
from typing import Final

from shared.contracts.evaluation.awards import AwardObjected, AwardObjectionCommented, AwardObjectionDismissed, AwardObjectionUpheld
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def objected(_event: Recorded, data: AwardObjected) -> Iterator[Write]:
    """The nominee may comment."""
    stated = fields(data, "round_id", "member_id", "ground", "reason", "raised_on", "comment_until", "answer_by")
    yield save_new("award_objections", fields(data, "objection_id"), {**stated, "status": "OPEN"})


def commented(_event: Recorded, data: AwardObjectionCommented) -> Iterator[Write]:
    """The nominee's comment; a later one replaces it."""
    yield change("award_objections", fields(data, "objection_id"), fields(data, "comment"))


def dismissed(_event: Recorded, data: AwardObjectionDismissed) -> Iterator[Write]:
    """The choice remains."""
    yield change("award_objections", fields(data, "objection_id"), {"status": "DISMISSED", "answer": data.reason})


def upheld(_event: Recorded, data: AwardObjectionUpheld) -> Iterator[Write]:
    """The nominee does not get the award."""
    yield change("award_objections", fields(data, "objection_id"), {"status": "UPHELD", "answer": data.reason})


PROJECTIONS: Final[Projections] = {
    AwardObjected: objected,
    AwardObjectionCommented: commented,
    AwardObjectionDismissed: dismissed,
    AwardObjectionUpheld: upheld,
}
