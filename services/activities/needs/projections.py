"""Residents' needs as rows."""

from collections.abc import Iterator
from typing import Any, Final

from shared.contracts.activities.needs import (
    ResidentNeedAnswered,
    ResidentNeedForwarded,
    ResidentNeedPublished,
    ResidentNeedRecorded,
    ResidentNeedReturned,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save


def recorded(_event: Recorded, data: ResidentNeedRecorded) -> Iterator[Write]:
    """Without a day for the first look it was recorded when needs were public at once."""
    status = "PUBLISHED" if data.look_by is None else "RECORDED"
    facts = {**fields(data, "community_id", "category", "place", "member_id"), "content": data.text}
    yield save("needs", fields(data, "need_id"), {**facts, "status": status, "due_on": data.look_by})


def published(_event: Recorded, data: ResidentNeedPublished) -> Iterator[Write]:
    """In the words that members read; the next day that counts is that of the answer."""
    yield _need(data, status="PUBLISHED", content=data.text, place=data.place, due_on=data.answer_by)


def returned(_event: Recorded, data: ResidentNeedReturned) -> Iterator[Write]:
    """Its words are taken away, only the reason is left."""
    no_words = {"content": None, "place": None, "forwarded_to": None, "answer": None, "due_on": None}
    yield _need(data, status="RETURNED", **no_words, **fields(data, "reason_code", "reason"))


def forwarded(_event: Recorded, data: ResidentNeedForwarded) -> Iterator[Write]:
    """Somebody else has it; an answer is due all the same."""
    yield _need(data, status="FORWARDED", forwarded_to=data.forwarded_to)


def answered(_event: Recorded, data: ResidentNeedAnswered) -> Iterator[Write]:
    """Nothing is due any more."""
    yield _need(data, status="ANSWERED", answer=data.answer, due_on=None)


def _need(data: object, **values: Any) -> Write:
    return change("needs", fields(data, "need_id"), values)


PROJECTIONS: Final[Projections] = {
    ResidentNeedRecorded: recorded,
    ResidentNeedPublished: published,
    ResidentNeedReturned: returned,
    ResidentNeedForwarded: forwarded,
    ResidentNeedAnswered: answered,
}
