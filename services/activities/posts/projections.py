"""Posts and the claims on them as rows."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.posts import (
    PostAmended,
    PostClaimed,
    PostClaimRejected,
    PostClaimWaitlisted,
    PostClaimWithdrawn,
    PostClosed,
    PostEstablished,
    PostFulfilled,
    PostProposed,
    PostReleased,
    PostTakenUp,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save

TERMS: Final = (
    *("community_id", "title", "category", "duties", "place", "capacity", "waiting_list_limit", "agreed_units"),
    *("term_start", "term_end", "qualification", "insurance", "need_id"),
    *("area_id", "is_with_minors", "safeguarding", "is_time_banked", "is_vanguard"),
)


def proposed(_event: Recorded, data: PostProposed) -> Iterator[Write]:
    """A post in preparation."""
    yield save("posts", fields(data, "post_id"), {**_terms(data), "status": "PROPOSED"})


def established(_event: Recorded, data: PostEstablished) -> Iterator[Write]:
    """The post takes claims."""
    yield save("posts", fields(data, "post_id"), {**_terms(data), "status": "OPEN"})


def amended(_event: Recorded, data: PostAmended) -> Iterator[Write]:
    """New terms; the status stays."""
    yield change("posts", fields(data, "post_id"), _terms(data))


def closed(_event: Recorded, data: PostClosed) -> Iterator[Write]:
    """The post takes no more claims."""
    yield change("posts", fields(data, "post_id"), {"status": "CLOSED"})


def claimed(event: Recorded, data: PostClaimed) -> Iterator[Write]:
    """A place, at once or from the waiting list."""
    if data.from_waiting_list:
        yield _claim(data, status="CLAIMED")
    else:
        yield _new_claim(event, data, status="CLAIMED", agreed_units=data.agreed_units, reason=None)


def waitlisted(event: Recorded, data: PostClaimWaitlisted) -> Iterator[Write]:
    """A position on the waiting list, in order of arrival."""
    yield _new_claim(event, data, status="WAITING", agreed_units=data.agreed_units, reason=None)


def rejected(event: Recorded, data: PostClaimRejected) -> Iterator[Write]:
    """A claim that got neither a place nor a position."""
    yield _new_claim(event, data, status="REJECTED", agreed_units=0, reason=data.reason)


def withdrawn(_event: Recorded, data: PostClaimWithdrawn) -> Iterator[Write]:
    """A claim that ended before the post was taken up."""
    yield _claim(data, status="WITHDRAWN", reason=data.reason)


def taken_up(_event: Recorded, data: PostTakenUp) -> Iterator[Write]:
    """The community has confirmed the claim."""
    yield _claim(data, status="TAKEN_UP", taken_up_on=data.taken_up_on)


def released(_event: Recorded, data: PostReleased) -> Iterator[Write]:
    """A taken-up post that was left early."""
    yield _claim(data, status="RELEASED", ended_on=data.released_on, **fields(data, "agreed_units", "fulfilled_units", "reason"))


def fulfilled(_event: Recorded, data: PostFulfilled) -> Iterator[Write]:
    """A term that is over."""
    yield _claim(data, status="FULFILLED", ended_on=data.ended_on, fulfilled_units=data.done_units)


def _terms(data: PostProposed | PostEstablished | PostAmended) -> dict[str, Any]:
    lists = {"skills": list(data.skills), "hazards": list(data.hazards)}
    return {**fields(data, *TERMS), **lists, "slots": [slot.model_dump(mode="json") for slot in data.slots]}


def _new_claim(event: Recorded, data: object, **values: Any) -> Write:
    facts = fields(data, "post_id", "member_id", "community_id")
    return save("post_claims", fields(data, "claim_id"), {**facts, "arrived": event.sequence, **values})


def _claim(data: object, **values: Any) -> Write:
    return change("post_claims", fields(data, "claim_id"), values)


PROJECTIONS: Final[Projections] = {
    PostProposed: proposed,
    PostEstablished: established,
    PostAmended: amended,
    PostClosed: closed,
    PostClaimed: claimed,
    PostClaimWaitlisted: waitlisted,
    PostClaimRejected: rejected,
    PostClaimWithdrawn: withdrawn,
    PostTakenUp: taken_up,
    PostReleased: released,
    PostFulfilled: fulfilled,
}
