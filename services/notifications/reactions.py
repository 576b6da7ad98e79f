"""Events in → notices out. `react` only looks at the event and the catalogue; recipients and names are looked up when the notice is due.

Invariant: one notice per (source event, recipient, kind, channel), however often an event or an intent comes round.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from services.notifications import queries
from services.notifications.catalogue import CATALOGUE, RECEIPT_PATIENCE, Audience, Condition, Notice
from services.notifications.notification import NOTIFICATION, QueueNotification, notification_id
from services.notifications.queries import Recipient
from shared.contracts.event import Event
from shared.contracts.notifications import Channel, NoticeKind, NotificationQueued, Timing
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.web import Call

TELL: Final = "tell"
SEND_LETTER: Final = "send_letter"
AT_ONCE: Final = 50  # commands brought to the log together when a notice goes to many

# Arguments named after what they are, where the event has a more general word.
FIELD_OF: Final = {
    "claim_rejection": "reason",
    "release_reason": "reason",
    "restatement_cause": "cause",
    "pairing_pause": "cause",
    "need_return": "reason_code",
    "need_limit": "limit",
    "objection_ground": "ground",
    "award": "title",
    "award_outcome": "outcome",
    "award_objection_ground": "ground",
    "lapse_cause": "cause",
    "complaint_desk": "passed_up_to",
    "complaint_outcome": "outcome",
}
IDS: Final = (
    *("member_id", "unit_id", "community_id", "post_id", "activity_id", "suggestion_id", "registration_id", "pairing_id"),
    "starts_at",
)


class Telling(BaseModel):
    """Payload of the intent TELL: a line of the catalogue applied to one event."""

    model_config = ConfigDict(frozen=True)

    source_event_id: UUID
    kind: NoticeKind
    to: Audience
    timing: Timing
    by_letter: bool
    condition: Condition
    ids: dict[str, str]
    args: dict[str, str]
    looked_up: tuple[str, ...]


def react(event: Recorded) -> tuple[Intent, ...]:
    """What to do about an event: tell people, or send the letter that was queued."""
    match event.data:
        case None:
            return ()
        case NotificationQueued(channel=Channel.LETTER) as queued:
            return (Intent(f"letter/{queued.notification_id}", SEND_LETTER, {"notification_id": str(queued.notification_id)}, queued.due),)
        case data:
            notices = [notice for notice in CATALOGUE.get(type(data), ()) if notice.applies_to(data)]
            return tuple(_tell(event, data, notice) for notice in notices)


def _tell(event: Recorded, data: Event, notice: Notice) -> Intent:
    known, looked_up = _arguments(data, notice.args)
    telling = Telling(
        source_event_id=event.id,
        kind=notice.kind,
        to=notice.to,
        timing=notice.timing,
        by_letter=notice.by_letter,
        condition=notice.condition,
        ids={name: _plain(value) for name in IDS if (value := getattr(data, name, None)) is not None},
        args=known,
        looked_up=looked_up,
    )
    return Intent(f"tell/{event.id}/{notice.kind}", TELL, telling.model_dump(mode="json"), notice.due(data, event.time))


def _arguments(data: Event, names: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Arguments that the event itself knows, and the names of those to look up."""
    known = {name: _plain(getattr(data, FIELD_OF.get(name, name))) for name in names if name not in queries.LOOKED_UP and name != "days"}
    if "days" in names:
        known["days"] = str(RECEIPT_PATIENCE.days)
    return known, tuple(name for name in names if name in queries.LOOKED_UP)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


async def tell(payload: Mapping[str, Any], call: Call) -> None:
    """Queue a notice for everybody whom it concerns, if it still holds."""
    telling = Telling.model_validate(payload)
    async with call.read() as tx:
        known = await queries.circumstances(tx, telling.ids)
        if not queries.holds(telling.condition, known, telling.ids):
            return
        recipients = await queries.recipients(tx, telling.to, known, telling.ids)
    args = telling.args | queries.names(known, telling.looked_up)
    commands = [
        _command(telling, recipient, channel, args, call.now)
        for recipient in recipients
        for channel in ((Channel.INBOX, Channel.LETTER) if telling.by_letter and recipient.by_letter else (Channel.INBOX,))
    ]
    for start in range(0, len(commands), AT_ONCE):
        await asyncio.gather(*(_queue(command, call) for command in commands[start : start + AT_ONCE]))


def _command(telling: Telling, recipient: Recipient, channel: Channel, args: dict[str, str], at: datetime) -> QueueNotification:
    return QueueNotification(
        source_event_id=telling.source_event_id,
        recipient_kind=recipient.kind,
        recipient_id=recipient.id,
        notice_kind=telling.kind,
        channel=channel,
        timing=telling.timing,
        text_args=args,
        at=at,
    )


async def _queue(command: QueueNotification, call: Call) -> None:
    id_ = notification_id(command)
    await call.step(str(id_)).begin(NOTIFICATION, id_, command)
