"""Letters that came back, handed in as the mail server's report (delivery status notification, RFC 3464), and HTTP of it.

Invariant: of a report only the letter and its status are read; addresses and texts in it are kept nowhere.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Annotated, Any, Final, cast
from uuid import UUID

from fastapi import APIRouter, Depends, Request

from services.notifications.notification import NOTIFICATION, RecordBounce, Unqueued
from services.notifications.policy import POLICY
from shared.http.answers import Malformed, NotFound
from shared.http.endpoints import Call, CommandAnswer, allow_by

router = APIRouter()
MESSAGE_ID: Final = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@guangcai>")
REPORT: Final = "a delivery status notification of RFC 3464 (multipart/report) that returns the letter or its header"
BODY: Final[dict[str, Any]] = {"requestBody": {"required": True, "content": {"message/rfc822": {"schema": {"type": "string"}}}}}


@dataclass(frozen=True, slots=True)
class Report:
    """What a mail server says about one letter; `has_failed` is false while it still tries, and for a delivery."""

    notification_id: UUID
    has_failed: bool


def read_report(content: bytes) -> Report | None:
    """The report in this message, None when it is none about a letter of ours."""
    message = message_from_bytes(content, EmailMessage, policy=policy.SMTP)
    if message.get_content_type() != "multipart/report":
        return None
    letter, outcomes = None, list[bool]()
    for part in _parts(message):
        match part.get_content_type():
            case "message/delivery-status":
                outcomes += [_has_failed(block) for block in _blocks(part)]
            case "message/rfc822" | "text/rfc822-headers":
                letter = letter or MESSAGE_ID.search(part.as_string())
            case _:
                pass
    if letter is None or not outcomes:
        return None
    return Report(UUID(letter[1]), any(outcomes))


def _parts(message: EmailMessage) -> list[Message]:
    payload = message.get_payload()
    return cast("list[Message]", payload) if isinstance(payload, list) else []


def _blocks(part: Message) -> Iterator[Message]:
    """Fields per recipient; the first block is about the message."""
    payload = part.get_payload()
    for block in cast("list[Message]", payload) if isinstance(payload, list) else []:
        if "Action" in block:
            yield block


def _has_failed(block: Message) -> bool:
    action, status = str(block["Action"]).strip().lower(), str(block.get("Status", "")).strip()
    return action == "failed" and status.startswith("5")


@router.post("/letters/bounces", openapi_extra=BODY)
async def hand_in_bounce(request: Request, call: Annotated[Call, Depends(allow_by(POLICY)("record_bounce"))]) -> CommandAnswer:
    """A letter came back: the report as the mail server wrote it. After three, letters rest until the recipient's address changes."""
    report = read_report(await request.body())
    if report is None:
        raise Malformed(body=REPORT)
    if isinstance(await call.state(NOTIFICATION, report.notification_id), Unqueued):
        raise NotFound
    answer = await call.handle(NOTIFICATION, report.notification_id, RecordBounce(has_failed=report.has_failed))
    return answer.with_result(notification_id=report.notification_id, has_failed=report.has_failed)
