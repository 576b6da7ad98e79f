"""Events in → notices out. Reactions look only at the event and the catalogue; recipients and names are looked up when the notice is due.

Invariant: one notice per (source event, recipient, kind, channel), however often an event or an intent comes round.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Final
from uuid import UUID

from services.notifications import queries
from services.notifications.catalogue import CATALOGUE, RECEIPT_PATIENCE, Audience, Condition, Notice
from services.notifications.letters import SendLetter, send_letter
from services.notifications.mailbox import MAILBOX, NoteBounce, RenewAddress
from services.notifications.notification import NOTIFICATION, QueueNotification, notification_id
from services.notifications.queries import Recipient
from services.notifications.timing import MOST_ATTEMPTS, next_attempt
from shared.contracts.event import Event
from shared.contracts.notifications import (
    Channel,
    FailureReason,
    NoticeKind,
    NotificationDeferred,
    NotificationFailed,
    NotificationQueued,
    RecipientKind,
    Timing,
)
from shared.contracts.registration.changes import CorrectableField, CorrectionAgreed
from shared.contracts.registration.members import ContactDetailsChanged
from shared.contracts.registration.organisations import OrganisationContactChanged
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import Intent
from shared.feature import Performers, Reactions, Task
from shared.http.endpoints import Call

AT_ONCE: Final = 50  # commands brought to the log together when a notice goes to many

# Arguments with a name of their own, where the event's field has a more general one.
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


class Tell(Task):
    """A line of the catalogue applied to one event: queue its notices."""

    KIND: ClassVar[str] = "tell"
    source_event_id: UUID
    kind: NoticeKind
    to: Audience
    timing: Timing
    by_letter: bool
    condition: Condition
    ids: dict[str, str]
    args: dict[str, str]
    looked_up: tuple[str, ...]


class CountBounce(Task):
    """A letter did not reach the address of its recipient."""

    KIND: ClassVar[str] = "count_bounce"
    recipient_kind: RecipientKind
    recipient_id: UUID
    notification_id: UUID


class Renewed(Task):
    """A recipient has contact details afresh."""

    KIND: ClassVar[str] = "address_renewed"
    recipient_id: UUID


def listed(event: Recorded, data: Event) -> Iterator[Intent]:
    """The notices that the catalogue lists for the event."""
    for notice in CATALOGUE[type(data)]:
        if notice.applies_to(data):
            yield _tell(event, data, notice)


def queued(_event: Recorded, data: NotificationQueued) -> Iterator[Intent]:
    """A letter is sent when it is due; what is queued for the inbox is there already."""
    if data.channel is Channel.LETTER:
        yield SendLetter(notification_id=data.notification_id, attempts=0).intent(f"letter/{data.notification_id}", data.due)


def deferred(event: Recorded, data: NotificationDeferred) -> Iterator[Intent]:
    """What certainly did not leave is tried again after a pause, never at night."""
    if data.attempt < MOST_ATTEMPTS:
        task = SendLetter(notification_id=data.notification_id, attempts=data.attempt)
        yield task.intent(f"letter/{data.notification_id}/{data.attempt}", next_attempt(data.attempt, event.time))


def came_back(event: Recorded, data: NotificationFailed) -> Iterator[Intent]:
    """An address that letters do not reach is counted; a server's own fault is not."""
    if data.reason in {FailureReason.ADDRESS_REFUSED, FailureReason.BOUNCED}:
        task = CountBounce(recipient_kind=data.recipient_kind, recipient_id=data.recipient_id, notification_id=data.notification_id)
        yield task.intent(f"bounce/{data.notification_id}", event.time)


def member_contact_changed(event: Recorded, data: ContactDetailsChanged | CorrectionAgreed) -> Iterator[Intent]:
    """Another address of a member, or the same one confirmed."""
    if isinstance(data, ContactDetailsChanged) or data.field is CorrectableField.EMAIL:
        yield _renewal(event, data.member_id)


def organisation_contact_changed(event: Recorded, data: OrganisationContactChanged) -> Iterator[Intent]:
    """Another address of a unit or community."""
    yield _renewal(event, data.organisation_id)


def _renewal(event: Recorded, recipient_id: UUID) -> Intent:
    return Renewed(recipient_id=recipient_id).intent(f"renewed/{event.id}", event.time)


def _tell(event: Recorded, data: Event, notice: Notice) -> Intent:
    known, looked_up = _arguments(data, notice.args)
    task = Tell(
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
    return task.intent(f"tell/{event.id}/{notice.kind}", notice.due(data, event.time))


def _arguments(data: Event, names: Sequence[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Arguments that the event itself knows, and the names of those to look up."""
    known = {name: _plain(getattr(data, FIELD_OF.get(name, name))) for name in names if name not in queries.LOOKED_UP and name != "days"}
    if "days" in names:
        known["days"] = str(RECEIPT_PATIENCE.days)
    return known, tuple(name for name in names if name in queries.LOOKED_UP)


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


async def tell(task: Tell, call: Call) -> None:
    """Queue a notice for everybody whom it concerns, if it still holds."""
    async with call.read() as tx:
        known = await queries.circumstances(tx, call.district, task.ids)
        if not queries.holds(task.condition, known, task.ids):
            return
        recipients = await queries.recipients(tx, call.district, task.to, known, task.ids)
    args = task.args | queries.names(known, task.looked_up)
    commands = [
        _command(task, recipient, channel, args, call.now)
        for recipient in recipients
        for channel in ((Channel.INBOX, Channel.LETTER) if task.by_letter and recipient.by_letter else (Channel.INBOX,))
    ]
    for start in range(0, len(commands), AT_ONCE):
        await asyncio.gather(*(_queue(command, call) for command in commands[start : start + AT_ONCE]))


def _command(task: Tell, recipient: Recipient, channel: Channel, args: dict[str, str], at: datetime) -> QueueNotification:
    return QueueNotification(
        source_event_id=task.source_event_id,
        recipient_kind=recipient.kind,
        recipient_id=recipient.id,
        notice_kind=task.kind,
        channel=channel,
        timing=task.timing,
        text_args=args,
        at=at,
    )


async def _queue(command: QueueNotification, call: Call) -> None:
    id_ = notification_id(command)
    await call.step(str(id_)).begin(NOTIFICATION, id_, command)


async def count_bounce(task: CountBounce, call: Call) -> None:
    """Count it at the entry whose address is used."""
    async with call.read() as tx:
        recipient, *_ = await queries.entries(tx, call.district, [task.recipient_id])
    command = NoteBounce(recipient_kind=task.recipient_kind, recipient_id=recipient, notification_id=task.notification_id)
    await call.handle(MAILBOX, recipient, command)


async def address_renewed(task: Renewed, call: Call) -> None:
    """Letters are sent again."""
    await call.handle(MAILBOX, task.recipient_id, RenewAddress())


REACTIONS: Final[Reactions] = {
    **dict.fromkeys(CATALOGUE, listed),
    NotificationQueued: queued,
    NotificationDeferred: deferred,
    NotificationFailed: came_back,
    ContactDetailsChanged: member_contact_changed,
    CorrectionAgreed: member_contact_changed,
    OrganisationContactChanged: organisation_contact_changed,
}
PERFORMERS: Final[Performers] = {Tell: tell, SendLetter: send_letter, CountBounce: count_bounce, Renewed: address_renewed}
