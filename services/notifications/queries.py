"""What is read: whom a notice concerns and what things are called, the inbox, letters that failed, counts by kind."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, assert_never
from uuid import UUID

import asyncpg
from pydantic import BaseModel, Field

from services.notifications.catalogue import Audience, Condition
from services.notifications.wording import say
from shared.calendar.local_time import CHINA
from shared.contracts.notifications import FailureReason, NoticeKind, RecipientKind

# Everything a notice may need to know, in one round trip: most notices concern one recipient, and there are many of them.
CIRCUMSTANCES: Final = """
SELECT community.name AS community, community.has_mailbox AS community_has_mailbox, unit.name AS unit, unit.has_mailbox AS unit_has_mailbox,
       (SELECT title FROM title WHERE district = $1 AND thing = 'post' AND thing_id = $4) AS post,
       (SELECT title FROM title WHERE district = $1 AND thing = 'suggestion' AND thing_id = $5) AS suggestion,
       activity.title AS activity, activity.starts_at, activity.place,
       activity.is_published AND NOT activity.is_cancelled AS stands,
       coalesce((SELECT into_member_id FROM merged WHERE district = $1 AND member_id = $7), $7) AS member_id,
       (SELECT wants_letters FROM member WHERE district = $1
        AND member_id = coalesce((SELECT into_member_id FROM merged WHERE district = $1 AND member_id = $7), $7)) AS wants_letters,
       (SELECT is_outstanding FROM receipt WHERE district = $1 AND registration_id = $8) AS is_outstanding
FROM (SELECT) AS here
LEFT JOIN organisation community ON community.district = $1 AND community.organisation_id = $2
LEFT JOIN organisation unit ON unit.district = $1 AND unit.organisation_id = $3
LEFT JOIN activity ON activity.district = $1 AND activity.activity_id = $6
"""
ASKED_FOR: Final = ("community_id", "unit_id", "post_id", "suggestion_id", "activity_id", "member_id", "registration_id")
# Once each, and as the entry that remains wants it.
EACH: Final = """
SELECT concerned.member_id, coalesce(m.wants_letters, false) AS by_letter
FROM (SELECT DISTINCT district, coalesce(g.into_member_id, c.member_id) AS member_id
      FROM ({concerned}) c LEFT JOIN merged g USING (district, member_id)) concerned
LEFT JOIN member m USING (district, member_id) ORDER BY concerned.member_id
"""
SIGNED_UP: Final = EACH.format(concerned="SELECT district, member_id FROM sign_up WHERE district = $1 AND activity_id = $2")
HELPERS: Final = EACH.format(concerned="SELECT district, member_id FROM helper WHERE district = $1 AND pairing_id = $2")
COMMUNITY_MEMBERS: Final = EACH.format(
    concerned="SELECT district, member_id FROM member WHERE district = $1 AND is_registered AND community_id = $2"
)
EVERYBODY: Final = EACH.format(concerned="SELECT district, member_id FROM member WHERE district = $1 AND is_registered")
# Organisations have one id and stay as they are.
ENTRIES: Final = """
WITH asked AS (SELECT DISTINCT coalesce(m.into_member_id, id) AS id
               FROM unnest($2::uuid[]) id LEFT JOIN merged m ON m.district = $1 AND m.member_id = id)
SELECT id, true AS remains FROM asked
UNION ALL SELECT m.member_id, false FROM merged m JOIN asked ON m.district = $1 AND asked.id = m.into_member_id
ORDER BY remains DESC, id
"""
DIGEST: Final = """
SELECT notification_id FROM notice
WHERE district = $1 AND recipient_id = ANY($2) AND channel = 'LETTER' AND state = 'WAITING' AND timing = 'DAILY_DIGEST' AND due <= $3
ORDER BY notification_id LIMIT $4
"""
INBOX: Final = """
SELECT notification_id, recipient_kind, recipient_id, kind, text_key, text_args, queued_at, is_read FROM notice
WHERE district = $1 AND channel = 'INBOX' AND recipient_id = ANY($2) AND ($3::uuid IS NULL OR notification_id < $3)
  AND NOT ($4 AND is_read) ORDER BY notification_id DESC LIMIT $5
"""
UNREAD: Final = "SELECT count(*) FROM notice WHERE district = $1 AND channel = 'INBOX' AND recipient_id = ANY($2) AND NOT is_read"
FAILED: Final = """
SELECT notification_id, recipient_kind, recipient_id, kind, failure AS reason, attempts, due FROM notice
WHERE district = $1 AND state = 'FAILED' AND ($2::uuid IS NULL OR notification_id < $2) ORDER BY notification_id DESC LIMIT $3
"""
OPEN_LETTERS: Final = """
SELECT letter_id, community_id, title_zh, text_zh, title_en, text_en, sent_at, place FROM open_letter
WHERE district = $1 AND ($2::uuid IS NULL OR community_id = $2) AND ($3::bigint IS NULL OR place < $3) ORDER BY place DESC LIMIT $4
"""
COUNTS: Final = """
SELECT kind, channel, state, count(*) AS number FROM notice WHERE district = $1
GROUP BY kind, channel, state ORDER BY kind, channel, state
"""

# Arguments that are looked up when a notice is due; everything else is a field of the event.
LOOKED_UP: Final = frozenset({"community", "unit", "post", "suggestion", "activity", "starts_at", "place"})
DIGEST_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody whom a notice concerns, and whether a letter may go there too."""

    kind: RecipientKind
    id: UUID
    by_letter: bool


class BothLanguages(BaseModel):
    """A text as shown."""

    zh: str
    en: str


class InboxNotice(BaseModel):
    """One notice in an inbox."""

    notification_id: UUID
    recipient_kind: RecipientKind
    recipient_id: UUID
    kind: NoticeKind
    title: BothLanguages
    body: BothLanguages
    at: datetime
    is_read: bool


class FailedLetter(BaseModel):
    """A letter that will not be sent; its notice is in the inbox. No content: this is for those who look after the mail server."""

    notification_id: UUID
    recipient_kind: RecipientKind
    recipient_id: UUID
    kind: NoticeKind
    reason: FailureReason
    attempts: int
    due: datetime


class OpenLetterView(BaseModel):
    """An open letter as it was sent; `community_id` null: by the district."""

    letter_id: UUID
    community_id: UUID | None
    title: BothLanguages
    text: BothLanguages
    sent_at: datetime
    place: Annotated[int, Field(exclude=True)]  # for the cursor


class Counts(BaseModel):
    """How many notices there are: by kind in the inboxes, letters by state, failed letters by nothing more."""

    by_kind: dict[NoticeKind, int]
    letters_by_kind: dict[NoticeKind, int]
    letters_by_state: dict[str, int]


async def circumstances(tx: asyncpg.Connection, district: str, ids: Mapping[str, str]) -> asyncpg.Record:
    """What is known about the things an event names. Nothing known (yet): null."""
    (row,) = await tx.fetch(CIRCUMSTANCES, district, *(UUID(ids[name]) if name in ids else None for name in ASKED_FOR))
    return row


def holds(condition: Condition, known: asyncpg.Record, ids: Mapping[str, str]) -> bool:
    """Whether the condition of a delayed notice still holds."""
    match condition:
        case Condition.ALWAYS:
            return True
        case Condition.RECEIPT_IS_OUTSTANDING:
            return bool(known["is_outstanding"])
        case Condition.ACTIVITY_STANDS:
            return bool(known["stands"]) and known["starts_at"] == datetime.fromisoformat(ids["starts_at"])
        case _:
            assert_never(condition)


def names(known: asyncpg.Record, wanted: Collection[str]) -> dict[str, str]:
    """What things are called. Something not known (yet) is left out, and the text shows its placeholder."""
    return {name: _spoken(known[name]) for name in wanted if known[name] is not None}


def _spoken(value: str | datetime) -> str:
    return value if isinstance(value, str) else f"{value.astimezone(CHINA):%Y-%m-%d %H:%M}"


async def recipients(
    tx: asyncpg.Connection, district: str, audience: Audience, known: asyncpg.Record, ids: Mapping[str, str]
) -> list[Recipient]:
    """Everybody a notice concerns."""
    match audience:
        case Audience.MEMBER:
            return [Recipient(RecipientKind.MEMBER, known["member_id"], bool(known["wants_letters"]))]
        case Audience.UNIT:
            return [Recipient(RecipientKind.UNIT, UUID(ids["unit_id"]), bool(known["unit_has_mailbox"]))]
        case Audience.COMMUNITY:
            return [Recipient(RecipientKind.COMMUNITY, UUID(ids["community_id"]), bool(known["community_has_mailbox"]))]
        case Audience.SIGNED_UP:
            rows = await tx.fetch(SIGNED_UP, district, UUID(ids["activity_id"]))
        case Audience.HELPERS:
            rows = await tx.fetch(HELPERS, district, UUID(ids["pairing_id"]))
        case Audience.COMMUNITY_MEMBERS:
            rows = await tx.fetch(COMMUNITY_MEMBERS, district, UUID(ids["community_id"]))
        case Audience.EVERYBODY:
            rows = await tx.fetch(EVERYBODY, district)
        case _:
            assert_never(audience)
    return [Recipient(RecipientKind.MEMBER, row["member_id"], row["by_letter"]) for row in rows]


async def entries(tx: asyncpg.Connection, district: str, recipients: Sequence[UUID]) -> list[UUID]:
    """Recipients with all entries of theirs that were merged, those that remain first."""
    return [row["id"] for row in await tx.fetch(ENTRIES, district, recipients)]


async def digest(tx: asyncpg.Connection, district: str, recipients: Sequence[UUID], due: datetime) -> list[UUID]:
    """Letters of one recipient (all entries) that leave together, oldest first."""
    return [row["notification_id"] for row in await tx.fetch(DIGEST, district, recipients, due, DIGEST_ITEMS)]


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """Which inboxes (a member's own, or organisations'), from where, how many."""

    owners: Sequence[UUID]
    before: UUID | None
    only_unread: bool
    limit: int


async def inbox(tx: asyncpg.Connection, district: str, query: InboxQuery) -> list[InboxNotice]:
    """Newest first; one more than `limit`, to show that there are more."""
    rows = await tx.fetch(INBOX, district, query.owners, query.before, query.only_unread, query.limit + 1)
    return [_notice(row) for row in rows]


def _notice(row: asyncpg.Record) -> InboxNotice:
    title, body = say(row["text_key"], row["text_args"])
    return InboxNotice(
        notification_id=row["notification_id"],
        recipient_kind=row["recipient_kind"],
        recipient_id=row["recipient_id"],
        kind=row["kind"],
        title=BothLanguages(zh=title.zh, en=title.en),
        body=BothLanguages(zh=body.zh, en=body.en),
        at=row["queued_at"],
        is_read=row["is_read"],
    )


async def unread(tx: asyncpg.Connection, district: str, owners: Sequence[UUID]) -> int:
    """Number of unread notices."""
    return await tx.fetchval(UNREAD, district, owners)


async def failed_letters(tx: asyncpg.Connection, district: str, before: UUID | None, limit: int) -> list[FailedLetter]:
    """Newest first; one more than `limit`."""
    return [FailedLetter.model_validate(dict(row)) for row in await tx.fetch(FAILED, district, before, limit + 1)]


async def open_letters(
    tx: asyncpg.Connection, district: str, community_id: UUID | None, before: int | None, limit: int
) -> list[OpenLetterView]:
    """Newest first; one more than `limit`."""
    return [
        OpenLetterView(
            letter_id=row["letter_id"],
            community_id=row["community_id"],
            title=BothLanguages(zh=row["title_zh"], en=row["title_en"]),
            text=BothLanguages(zh=row["text_zh"], en=row["text_en"]),
            sent_at=row["sent_at"],
            place=row["place"],
        )
        for row in await tx.fetch(OPEN_LETTERS, district, community_id, before, limit + 1)
    ]


async def counts(tx: asyncpg.Connection, district: str) -> Counts:
    """Totals of the district."""
    by_kind: dict[NoticeKind, int] = {}
    letters_by_kind: dict[NoticeKind, int] = {}
    letters_by_state: dict[str, int] = {}
    for row in await tx.fetch(COUNTS, district):
        kind, number = NoticeKind(row["kind"]), row["number"]
        if row["channel"] == "INBOX":
            by_kind[kind] = by_kind.get(kind, 0) + number
        else:
            letters_by_kind[kind] = letters_by_kind.get(kind, 0) + number
            letters_by_state[row["state"]] = letters_by_state.get(row["state"], 0) + number
    return Counts(by_kind=by_kind, letters_by_kind=letters_by_kind, letters_by_state=letters_by_state)
