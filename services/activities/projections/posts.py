"""Posts and the claims on them."""

from typing import Any, Final

from services.activities.projections.writes import Write, Writes, change, fields, save
from shared.contracts import activities as own
from shared.eventlog.envelope import Recorded

POST_COLUMNS: Final = (
    *("community_id", "title", "category", "duties", "place", "capacity", "waiting_list_limit", "agreed_units"),
    *("term_start", "term_end", "qualification", "insurance", "need_id"),
    *("area_id", "is_with_minors", "safeguarding", "is_time_banked", "is_vanguard"),
)


def post(event: Recorded) -> Writes:
    """Terms of a post; claims follow."""
    match data := event.data:
        case own.PostProposed():
            return (save(event, "posts", fields(data, "post_id"), {**_post_terms(data), "status": "PROPOSED"}),)
        case own.PostEstablished():
            return (save(event, "posts", fields(data, "post_id"), {**_post_terms(data), "status": "OPEN"}),)
        case own.PostAmended():
            return (change(event, "posts", fields(data, "post_id"), _post_terms(data)),)
        case own.PostClosed():
            return (change(event, "posts", fields(data, "post_id"), {"status": "CLOSED"}),)
        case _:
            return _claim(event)


def _post_terms(data: own.PostProposed | own.PostEstablished | own.PostAmended) -> dict[str, Any]:
    lists = {"skills": list(data.skills), "hazards": list(data.hazards)}
    return {**fields(data, *POST_COLUMNS), **lists, "slots": [slot.model_dump(mode="json") for slot in data.slots]}


def _claim(event: Recorded) -> Writes:
    match data := event.data:
        case own.PostClaimed(from_waiting_list=True):
            return (_claim_change(event, data, status="CLAIMED"),)
        case own.PostClaimed():
            return (_new_claim(event, data, status="CLAIMED", agreed_units=data.agreed_units, reason=None),)
        case own.PostClaimWaitlisted():
            return (_new_claim(event, data, status="WAITING", agreed_units=data.agreed_units, reason=None),)
        case own.PostClaimRejected():
            return (_new_claim(event, data, status="REJECTED", agreed_units=0, reason=data.reason),)
        case own.PostClaimWithdrawn():
            return (_claim_change(event, data, status="WITHDRAWN", reason=data.reason),)
        case own.PostTakenUp():
            return (_claim_change(event, data, status="TAKEN_UP", taken_up_on=data.taken_up_on),)
        case own.PostReleased():
            ended = {"ended_on": data.released_on, **fields(data, "agreed_units", "fulfilled_units", "reason")}
            return (_claim_change(event, data, status="RELEASED", **ended),)
        case own.PostFulfilled():
            return (_claim_change(event, data, status="FULFILLED", ended_on=data.ended_on, fulfilled_units=data.done_units),)
        case _:
            return ()


def _new_claim(event: Recorded, data: object, **values: Any) -> Write:
    facts = fields(data, "post_id", "member_id", "community_id")
    return save(event, "post_claims", fields(data, "claim_id"), {**facts, "arrived": event.sequence, **values})


def _claim_change(event: Recorded, data: object, **values: Any) -> Write:
    return change(event, "post_claims", fields(data, "claim_id"), values)
