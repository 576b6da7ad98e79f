"""Letters: one per notice, or one per recipient and morning for digests. The address is asked for now and forgotten at once.

Invariant: an attempt is in the log before the letter is handed over, so a crash in between is seen and never sends a second letter.
What certainly did not leave is tried again after growing pauses, for days (RFC 5321, 4.5.4.1); a pause begins with the failed attempt.
A member whose entries were merged is written to at the address, and with the consent, of the entry that remains.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from typing import ClassVar, Final, assert_never
from uuid import UUID, uuid4  # noqa: TID251 - every attempt to send is a new intention, so its key cannot be derived
from weakref import WeakValueDictionary

from services.notifications import queries
from services.notifications.mail import Address, AddressBook, MailServer, Outcome, Unreachable, mailbox_of
from services.notifications.mailbox import MAILBOX
from services.notifications.notification import (
    NOTIFICATION,
    BeginAttempt,
    ConfirmDelivery,
    DeferAttempt,
    Delivered,
    Failed,
    GiveUp,
    NotificationCommand,
    UnderWay,
    Unqueued,
    Waiting,
)
from services.notifications.wording import label, say
from shared.calendar.local_time import CHINA
from shared.contracts.event import Event
from shared.contracts.notifications import FailureReason, NotificationAttempted, NotificationQueued, RecipientKind, Timing
from shared.eventlog.faultpoint import reach
from shared.feature import Task
from shared.http.endpoints import Call

MAIL_POLICY: Final = SMTP.clone(cte_type="7bit")


@dataclass(slots=True)
class PostOffice:
    """What sending needs: where addresses are, where letters go, and one letter per recipient at a time."""

    addresses: AddressBook | None = None
    server: MailServer | None = None
    _turns: WeakValueDictionary[UUID, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    @asynccontextmanager
    async def turn(self, recipient_id: UUID) -> AsyncGenerator[None]:
        """Wait until nothing else is being sent to this recipient; digests gather what belongs together."""
        lock = self._turns.setdefault(recipient_id, asyncio.Lock())
        async with lock:
            yield

    async def find(self, call: Call, kind: RecipientKind, recipient_id: UUID) -> Address | None:
        """Address of a recipient. Raises Unreachable, also when the settings do not say where to ask."""
        if self.addresses is None:
            message = "GUANGCAI_REGISTRATION_URL is not set"
            raise Unreachable(message)
        return await self.addresses.find(call.district, kind, recipient_id)

    @property
    def open_server(self) -> MailServer:
        """The mail server. Raises Unreachable when the settings name none."""
        if self.server is None:
            message = "GUANGCAI_SMTP_URL is not set"
            raise Unreachable(message)
        return self.server


class SendLetter(Task):
    """Bring one queued letter, and what else is in the recipient's digest, on its way.

    `attempts`: how many have failed so far. A digest is tried once for all its letters, so that tasks of the others find it done.
    """

    KIND: ClassVar[str] = "send_letter"
    notification_id: UUID
    attempts: int | None = None  # tasks of earlier releases do not say


async def send_letter(task: SendLetter, call: Call) -> None:
    """Send it, or record why not; a deferral brings the next task."""
    office: PostOffice = call.runtime.resources.post_office
    state = await call.state(NOTIFICATION, task.notification_id)
    if not isinstance(state, Waiting | UnderWay):
        return
    async with call.read() as tx:
        recipients = await queries.entries(tx, call.district, [state.notice.recipient_id])
    async with office.turn(recipients[0]):
        state = await call.state(NOTIFICATION, task.notification_id)
        match state:
            case UnderWay(notice):
                # An attempt has begun and its end is not recorded: the decision is UNKNOWN_OUTCOME.
                await _record(call, notice, BeginAttempt(), str(uuid4()))
            case Waiting(attempts=attempts) if task.attempts not in {None, attempts}:
                return
            case Waiting(notice):
                await _send(await _together(notice, recipients, call), recipients[0], call, office)
            case Unqueued() | Delivered() | Failed():
                return
            case _:
                assert_never(state)


async def _together(notice: NotificationQueued, recipients: Sequence[UUID], call: Call) -> list[Waiting]:
    ids = [notice.notification_id]
    if notice.timing is Timing.DAILY_DIGEST:
        async with call.read() as tx:
            ids = sorted({*ids, *await queries.digest(tx, call.district, recipients, notice.due)})
    states = [await call.state(NOTIFICATION, each) for each in ids]
    return [state for state in states if isinstance(state, Waiting)]


async def _send(waiting: Sequence[Waiting], recipient_id: UUID, call: Call, office: PostOffice) -> None:
    notices = [each.notice for each in waiting]
    # Retries of one attempt are the same commands; the next attempt is a new one.
    step = f"{waiting[0].attempts + 1}"
    mailbox = await call.state(MAILBOX, recipient_id)
    if mailbox.is_resting:
        await _record_all(call, notices, GiveUp(reason=FailureReason.ADDRESS_RESTS), step)
        return
    try:
        address = await office.find(call, notices[0].recipient_kind, recipient_id)
        if address is None or not address.email:
            await _record_all(call, notices, GiveUp(reason=FailureReason.NO_ADDRESS), step)
            return
        email = mailbox_of(address.email)
        if email is None:
            await _record_all(call, notices, GiveUp(reason=FailureReason.NOT_HANDED_OVER), step)
            return
        async with office.open_server.session() as session:
            may_leave = await asyncio.gather(*(_begin(call, notice) for notice in notices))
            begun = [notice for notice, may in zip(notices, may_leave, strict=True) if may]
            reach("letter.begun")
            now = (await call.at_present()).now
            outcome = await session.send(compose(email, address.name, begun, now)) if begun else Outcome.TAKEN
    except Unreachable:
        await _defer(call, notices, FailureReason.SERVER_UNREACHABLE, step)
        return
    reach("letter.handed_over")
    await _conclude(outcome, begun, call, step)


async def _conclude(outcome: Outcome, notices: Sequence[NotificationQueued], call: Call, step: str) -> None:
    match outcome:
        case Outcome.TAKEN:
            await _record_all(call, notices, ConfirmDelivery(), step)
        case Outcome.REFUSED:
            await _record_all(call, notices, GiveUp(reason=FailureReason.ADDRESS_REFUSED), step)
        case Outcome.UNKNOWN:
            await _record_all(call, notices, GiveUp(reason=FailureReason.UNKNOWN_OUTCOME), step)
        case Outcome.LATER:
            await _defer(call, notices, FailureReason.SERVER_UNREACHABLE, step)
        case Outcome.DECLINED:
            await _defer(call, notices, FailureReason.SERVER_REFUSED, step)
        case _:
            assert_never(outcome)


async def _defer(call: Call, notices: Sequence[NotificationQueued], reason: FailureReason, step: str) -> None:
    # The pause begins now: an attempt that comes late must not be followed at once by those that would have been due meanwhile.
    await _record_all(await call.at_present(), notices, DeferAttempt(reason=reason), step)


async def _begin(call: Call, notice: NotificationQueued) -> bool:
    """Whether this process may hand the letter over now: the command id is new, so that only one process gets a yes."""
    events = await _record(call, notice, BeginAttempt(), str(uuid4()))
    return any(isinstance(each, NotificationAttempted) for each in events)


async def _record_all(call: Call, notices: Sequence[NotificationQueued], command: NotificationCommand, step: str) -> None:
    await asyncio.gather(*(_record(call, notice, command, step) for notice in notices))


async def _record(call: Call, notice: NotificationQueued, command: NotificationCommand, step: str) -> tuple[Event, ...]:
    id_ = notice.notification_id
    answer = await call.step(f"{id_}/{type(command).__name__}/{step}").handle(NOTIFICATION, id_, command)
    return answer.events


def compose(email: str, name: str, notices: Sequence[NotificationQueued], now: datetime) -> EmailMessage:
    """The letter for one or more notices to one recipient, Chinese first, written at `now` (aware)."""
    spoken = [say(notice.text_key, notice.text_args) for notice in notices]
    subject = spoken[0][0] if len(spoken) == 1 else label("digest_subject", count=len(spoken))
    footer = label("letter_footer")
    greeting = label("letter_greeting", name=name)
    letter = EmailMessage(policy=MAIL_POLICY)
    letter["Subject"] = subject.zh
    letter["To"] = Mailbox(display_name=name, addr_spec=email)
    letter["Date"] = now.astimezone(CHINA)
    letter["Message-ID"] = f"<{notices[0].notification_id}@guangcai>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: keeps out-of-office replies away
    zh = "\n\n".join(f"【{title.zh}】\n{body.zh}" if len(spoken) > 1 else body.zh for title, body in spoken)
    en = "\n\n".join(f"[{title.en}]\n{body.en}" if len(spoken) > 1 else body.en for title, body in spoken)
    letter.set_content(f"{greeting.zh}\n\n{zh}\n\n{footer.zh}\n\n--\n{subject.en}\n\n{en}\n\n{footer.en}\n", charset="utf-8")
    return letter
