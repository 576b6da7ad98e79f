"""Suggestions and practical matters as rows, each with its last answer."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.community import (
    PracticalMatterApproved,
    PracticalMatterCompleted,
    PracticalMatterDeclined,
    PracticalMatterProposed,
    PracticalMatterReported,
    SuggestionAccepted,
    SuggestionAdopted,
    SuggestionCarriedOut,
    SuggestionDeclined,
    SuggestionSubmitted,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def submitted(_event: Recorded, data: SuggestionSubmitted) -> Iterator[Write]:
    """A new suggestion."""
    facts = {**fields(data, "member_id", "community_id", "title"), "content": data.text}
    yield save("suggestions", fields(data, "suggestion_id"), {**facts, "status": "SUBMITTED"})


def accepted(_event: Recorded, data: SuggestionAccepted) -> Iterator[Write]:
    """Under review."""
    yield _suggestion(data, status="ACCEPTED")


def adopted(_event: Recorded, data: SuggestionAdopted) -> Iterator[Write]:
    """The answer says what will be done."""
    yield _suggestion(data, status="ADOPTED", answer=data.plan)


def declined(_event: Recorded, data: SuggestionDeclined) -> Iterator[Write]:
    """The answer says why not."""
    yield _suggestion(data, status="DECLINED", answer=data.reason)


def carried_out(_event: Recorded, data: SuggestionCarriedOut) -> Iterator[Write]:
    """The answer says what came of it."""
    yield _suggestion(data, status="CARRIED_OUT", answer=data.result)


def proposed(_event: Recorded, data: PracticalMatterProposed) -> Iterator[Write]:
    """A new matter."""
    facts = {**fields(data, "member_id", "community_id", "title"), "content": data.text}
    yield save("matters", fields(data, "matter_id"), {**facts, "status": "PROPOSED"})


def approved(_event: Recorded, data: PracticalMatterApproved) -> Iterator[Write]:
    """The community wants it."""
    yield _matter(data, status="APPROVED")


def matter_declined(_event: Recorded, data: PracticalMatterDeclined) -> Iterator[Write]:
    """The answer says why not."""
    yield _matter(data, status="DECLINED", answer=data.reason)


def reported(_event: Recorded, data: PracticalMatterReported) -> Iterator[Write]:
    """Done, as the member says."""
    yield _matter(data, status="REPORTED", answer=data.result)


def completed(_event: Recorded, data: PracticalMatterCompleted) -> Iterator[Write]:
    """Confirmed by the community."""
    yield _matter(data, status="COMPLETED")


def _suggestion(data: object, **values: Any) -> Write:
    return change("suggestions", fields(data, "suggestion_id"), values)


def _matter(data: object, **values: Any) -> Write:
    return change("matters", fields(data, "matter_id"), values)


PROJECTIONS: Final[Projections] = {
    SuggestionSubmitted: submitted,
    SuggestionAccepted: accepted,
    SuggestionAdopted: adopted,
    SuggestionDeclined: declined,
    SuggestionCarriedOut: carried_out,
    PracticalMatterProposed: proposed,
    PracticalMatterApproved: approved,
    PracticalMatterDeclined: matter_declined,
    PracticalMatterReported: reported,
    PracticalMatterCompleted: completed,
}
