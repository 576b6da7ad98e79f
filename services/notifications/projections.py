"""Events → directory and notices. Events of different services come in any order, so nothing here relies on another service's rows."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import asyncpg

from shared.contracts import activities as a
from shared.contracts import notifications as n
from shared.contracts import registration as r
from shared.contracts.registration_changes import MemberIdentitiesMerged
from shared.contracts.registration_organisations import OrganisationDissolved, OrganisationRenamed
from shared.eventlog.envelope import Recorded

ORGANISATION = """
INSERT INTO organisation (district, organisation_id, name, has_mailbox) VALUES ($1, $2, $3, $4)
ON CONFLICT (district, organisation_id) DO UPDATE SET name = excluded.name, has_mailbox = excluded.has_mailbox
"""
MAILBOX = "UPDATE organisation SET has_mailbox = $3 WHERE district = $1 AND organisation_id = $2"
RENAMED = "UPDATE organisation SET name = $3 WHERE district = $1 AND organisation_id = $2"
REGISTERED = """
INSERT INTO member (district, member_id, is_registered, community_id) VALUES ($1, $2, true, $3)
ON CONFLICT (district, member_id) DO UPDATE SET is_registered = true, community_id = excluded.community_id
"""
GONE = "UPDATE member SET is_registered = false WHERE district = $1 AND member_id = $2"
OPEN_LETTER = """
INSERT INTO open_letter (district, letter_id, community_id, title_zh, text_zh, title_en, text_en, sent_at, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""
LETTERS = """
INSERT INTO member (district, member_id, wants_letters) VALUES ($1, $2, $3)
ON CONFLICT (district, member_id) DO UPDATE SET wants_letters = excluded.wants_letters
"""
# Who was given up for somebody now given up belongs to the one who remains; nobody is given up for themself.
MERGED = """
WITH remains AS (SELECT coalesce((SELECT into_member_id FROM merged WHERE member_id = $3), $3) AS id),
     given_up AS (INSERT INTO merged (district, member_id, into_member_id) SELECT $1, $2, id FROM remains WHERE id <> $2
                  ON CONFLICT DO NOTHING RETURNING into_member_id)
UPDATE merged SET into_member_id = given_up.into_member_id FROM given_up WHERE district = $1 AND merged.into_member_id = $2
"""
RECEIPT = """
INSERT INTO receipt (district, registration_id, is_outstanding) VALUES ($1, $2, $3)
ON CONFLICT (district, registration_id) DO UPDATE SET is_outstanding = excluded.is_outstanding
"""
TITLE = """
INSERT INTO title (district, thing, thing_id, title) VALUES ($1, $2, $3, $4)
ON CONFLICT (district, thing, thing_id) DO UPDATE SET title = excluded.title
"""
ACTIVITY = """
INSERT INTO activity (district, activity_id, title, starts_at, place) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (district, activity_id) DO UPDATE SET title = excluded.title, starts_at = excluded.starts_at, place = excluded.place
"""
PUBLISHED = "UPDATE activity SET is_published = true WHERE district = $1 AND activity_id = $2"
CANCELLED = "UPDATE activity SET is_cancelled = true WHERE district = $1 AND activity_id = $2"
SIGNED_UP = "INSERT INTO sign_up (district, activity_id, member_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
SIGNED_OFF = "DELETE FROM sign_up WHERE district = $1 AND activity_id = $2 AND member_id = $3"
HELPS = "INSERT INTO helper (district, pairing_id, member_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
HELPS_NO_LONGER = "DELETE FROM helper WHERE district = $1 AND pairing_id = $2 AND member_id = $3"
# Streams of activities name the remaining entry from here on, also where it leaves; the row must be found by that name.
SIGN_UP_FOLLOWS = """
WITH gone AS (DELETE FROM sign_up WHERE district = $1 AND activity_id = $2 AND member_id = $3 RETURNING activity_id)
INSERT INTO sign_up (district, activity_id, member_id) SELECT $1, activity_id, $4 FROM gone ON CONFLICT DO NOTHING
"""
HELPER_FOLLOWS = """
WITH gone AS (DELETE FROM helper WHERE district = $1 AND pairing_id = $2 AND member_id = $3 RETURNING pairing_id)
INSERT INTO helper (district, pairing_id, member_id) SELECT $1, pairing_id, $4 FROM gone ON CONFLICT DO NOTHING
"""
FOLLOWS: Mapping[str, str] = {"activity": SIGN_UP_FOLLOWS, "pairing": HELPER_FOLLOWS}  # by category of the stream
QUEUED = """
INSERT INTO notice
    (district, notification_id, recipient_kind, recipient_id, kind, channel, timing, text_key, text_args, queued_at, due, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'WAITING') ON CONFLICT DO NOTHING
"""
STATE = "UPDATE notice SET state = $3, failure = $4 WHERE district = $1 AND notification_id = $2"
ATTEMPT = "UPDATE notice SET state = $3, attempts = $4 WHERE district = $1 AND notification_id = $2"
READ = "UPDATE notice SET is_read = true WHERE district = $1 AND notification_id = $2"

Statement = tuple[str, tuple[Any, ...]]


async def project(tx: asyncpg.Connection, batch: Sequence[Recorded]) -> None:
    """Apply one batch in order, but that notices are put down first: nothing is said of one before it was queued."""
    writes = [(sql, (event.district, *args)) for event in batch for sql, args in _statements(event)]
    writes.sort(key=lambda write: write[0] is not QUEUED)
    for sql, run in groupby(writes, key=lambda write: write[0]):
        await tx.executemany(sql, [args for _, args in run])


def _statements(event: Recorded) -> tuple[Statement, ...]:
    return _of_registration(event) or _of_activities(event) or _of_notices(event)


def _of_registration(event: Recorded) -> tuple[Statement, ...]:
    match event.data:
        case r.OrganisationEstablished(organisation_id=id_, name=name, contact_email=email):
            return ((ORGANISATION, (id_, name, email is not None)),)
        case r.OrganisationContactChanged(organisation_id=id_, contact_email=email):
            return ((MAILBOX, (id_, email is not None)),)
        case OrganisationRenamed(organisation_id=id_, name=name):
            return ((RENAMED, (id_, name)),)
        case OrganisationDissolved(organisation_id=id_):
            return ((MAILBOX, (id_, False)),)
        case r.RegistrationConfirmed(member_id=member_id, community_id=community_id):
            return ((REGISTERED, (member_id, community_id)),)
        case r.RegistrationClosed(member_id=member_id):
            return ((GONE, (member_id,)),)
        case r.ConsentGiven(member_id=member_id, purpose=r.ConsentPurpose.DIRECT_CONTACT):
            return ((LETTERS, (member_id, True)),)
        case r.ConsentWithdrawn(member_id=member_id, purpose=r.ConsentPurpose.DIRECT_CONTACT) | r.PersonalDataErased(member_id=member_id):
            return ((LETTERS, (member_id, False)),)
        case MemberIdentitiesMerged(member_id=member_id, into_member_id=into):
            return ((MERGED, (member_id, into)),)
        case r.RegistrationReceiptIssued(registration_id=id_):
            return ((RECEIPT, (id_, True)),)
        case r.RegistrationReceiptAcknowledged(registration_id=id_):
            return ((RECEIPT, (id_, False)),)
        case _:
            return ()


def _of_activities(event: Recorded) -> tuple[Statement, ...]:
    match event.data:
        case a.PostProposed() | a.PostEstablished() | a.PostAmended() as post:
            return ((TITLE, ("post", post.post_id, post.title)),)
        case a.SuggestionSubmitted(suggestion_id=id_, title=title):
            return ((TITLE, ("suggestion", id_, title)),)
        case a.ActivityPlanned() | a.ActivityAmended() as plan:
            return ((ACTIVITY, (plan.activity_id, plan.title, plan.starts_at, plan.place)),)
        case a.ActivityPublished(activity_id=id_):
            return ((PUBLISHED, (id_,)),)
        case a.ActivityCancelled(activity_id=id_):
            return ((CANCELLED, (id_,)),)
        case a.ActivitySignedUp(activity_id=id_, member_id=member_id):
            return ((SIGNED_UP, (id_, member_id)),)
        case a.SignUpWithdrawn(activity_id=id_, member_id=member_id) | a.LeaveApproved(activity_id=id_, member_id=member_id):
            return ((SIGNED_OFF, (id_, member_id)),)
        case a.HelpPairingJoined(pairing_id=id_, member_id=member_id):
            return ((HELPS, (id_, member_id)),)
        case a.HelpPairingLeft(pairing_id=id_, member_id=member_id):
            return ((HELPS_NO_LONGER, (id_, member_id)),)
        case a.MemberIdentityFollowed(member_id=member_id, into_member_id=into):
            category, _, stream_id = event.stream.partition("/")
            return ((FOLLOWS[category], (UUID(stream_id), member_id, into)),) if category in FOLLOWS else ()
        case _:
            return ()


def _of_notices(event: Recorded) -> tuple[Statement, ...]:
    match event.data:
        case n.NotificationQueued() as queued:
            return ((QUEUED, _row(queued, event)),)
        case n.NotificationAttempted(notification_id=id_, attempt=attempt):
            return ((ATTEMPT, (id_, "UNDER_WAY", attempt)),)
        case n.NotificationDeferred(notification_id=id_, attempt=attempt):
            return ((ATTEMPT, (id_, "WAITING", attempt)),)
        case n.NotificationDelivered(notification_id=id_):
            return ((STATE, (id_, "DELIVERED", None)),)
        case n.NotificationFailed(notification_id=id_, reason=reason):
            return ((STATE, (id_, "FAILED", reason.value)),)
        case n.NotificationRead(notification_id=id_):
            return ((READ, (id_,)),)
        case n.OpenLetterSent() as letter:
            texts = (letter.title_zh, letter.text_zh, letter.title_en, letter.text_en)
            return ((OPEN_LETTER, (letter.letter_id, letter.community_id, *texts, event.time, event.sequence)),)
        case _:
            return ()


def _row(queued: n.NotificationQueued, event: Recorded) -> tuple[UUID | str | object, ...]:
    return (
        queued.notification_id,
        queued.recipient_kind.value,
        queued.recipient_id,
        queued.notice_kind.value,
        queued.channel.value,
        queued.timing.value,
        queued.text_key,
        queued.text_args,
        event.time,
        queued.due,
    )
