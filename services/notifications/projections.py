"""Events → directory and notices. Events of different services come in any order, so nothing here relies on another service's rows."""

from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from shared.contracts.activities.community import SuggestionSubmitted
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.activities.pairings import HelpPairingJoined, HelpPairingLeft
from shared.contracts.activities.posts import PostAmended, PostEstablished, PostProposed
from shared.contracts.activities.records import (
    ActivityAmended,
    ActivityCancelled,
    ActivityPlanned,
    ActivityPublished,
    ActivitySignedUp,
    LeaveApproved,
    SignUpWithdrawn,
)
from shared.contracts.notifications import (
    NotificationAttempted,
    NotificationDeferred,
    NotificationDelivered,
    NotificationFailed,
    NotificationQueued,
    NotificationRead,
    OpenLetterSent,
)
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.contracts.registration.codes import ConsentPurpose
from shared.contracts.registration.members import ConsentGiven, ConsentWithdrawn, PersonalDataErased
from shared.contracts.registration.organisations import (
    OrganisationContactChanged,
    OrganisationDissolved,
    OrganisationEstablished,
    OrganisationRenamed,
)
from shared.contracts.registration.registrations import (
    RegistrationClosed,
    RegistrationConfirmed,
    RegistrationReceiptAcknowledged,
    RegistrationReceiptIssued,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Commuting, Projections, Write
from shared.rows import change, delete, fields, save, save_new

# An entry that was merged into the one now merged belongs to the one that remains; no entry is merged into itself.
MERGED: Final = """
WITH remains AS (SELECT coalesce((SELECT into_member_id FROM merged WHERE district = $1 AND member_id = $3), $3) AS id),
     given_up AS (INSERT INTO merged (district, member_id, into_member_id) SELECT $1, $2, id FROM remains WHERE id <> $2
                  ON CONFLICT DO NOTHING RETURNING into_member_id)
UPDATE merged SET into_member_id = given_up.into_member_id FROM given_up WHERE district = $1 AND merged.into_member_id = $2
"""
# From here on streams of activities name the entry that remains, also where it leaves; the row must be found by that name.
SIGN_UP_FOLLOWS: Final = """
WITH gone AS (DELETE FROM sign_up WHERE district = $1 AND activity_id = $2 AND member_id = $3 RETURNING activity_id)
INSERT INTO sign_up (district, activity_id, member_id) SELECT $1, activity_id, $4 FROM gone ON CONFLICT DO NOTHING
"""
HELPER_FOLLOWS: Final = """
WITH gone AS (DELETE FROM helper WHERE district = $1 AND pairing_id = $2 AND member_id = $3 RETURNING pairing_id)
INSERT INTO helper (district, pairing_id, member_id) SELECT $1, pairing_id, $4 FROM gone ON CONFLICT DO NOTHING
"""
FOLLOWS: Final[Mapping[str, str]] = {"activity": SIGN_UP_FOLLOWS, "pairing": HELPER_FOLLOWS}  # by category of the stream
OPEN_LETTER: Final = """
INSERT INTO open_letter (district, letter_id, community_id, title_zh, text_zh, title_en, text_en, sent_at, place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING
"""
QUEUED: Final = """
INSERT INTO notice
    (district, notification_id, recipient_kind, recipient_id, kind, channel, timing, text_key, text_args, queued_at, due, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'WAITING') ON CONFLICT DO NOTHING
"""
STATE: Final = "UPDATE notice SET state = $3, failure = $4 WHERE district = $1 AND notification_id = $2"
ATTEMPT: Final = "UPDATE notice SET state = $3, attempts = $4 WHERE district = $1 AND notification_id = $2"
READ: Final = "UPDATE notice SET is_read = true WHERE district = $1 AND notification_id = $2"
# Statements that commute: a notice can be inserted before whatever else this service's log says, as nothing comes before it in its stream.
COMMUTING: Final[Commuting] = {QUEUED: frozenset({STATE, ATTEMPT, READ, OPEN_LETTER})}


def established(_event: Recorded, data: OrganisationEstablished) -> Iterator[Write]:
    """What the organisation is called, and whether letters reach it."""
    stated = {"name": data.name, "has_mailbox": data.contact_email is not None}
    yield save("organisation", fields(data, "organisation_id"), stated)


def contact_changed(_event: Recorded, data: OrganisationContactChanged) -> Iterator[Write]:
    """Whether letters reach it from now on."""
    yield change("organisation", fields(data, "organisation_id"), {"has_mailbox": data.contact_email is not None})


def renamed(_event: Recorded, data: OrganisationRenamed) -> Iterator[Write]:
    """Its new name."""
    yield change("organisation", fields(data, "organisation_id"), fields(data, "name"))


def dissolved(_event: Recorded, data: OrganisationDissolved) -> Iterator[Write]:
    """No letters any more."""
    yield change("organisation", fields(data, "organisation_id"), {"has_mailbox": False})


def registered(_event: Recorded, data: RegistrationConfirmed) -> Iterator[Write]:
    """Where the member is registered."""
    yield save("member", fields(data, "member_id"), {"is_registered": True, "community_id": data.community_id})


def closed(_event: Recorded, data: RegistrationClosed) -> Iterator[Write]:
    """Not registered any more."""
    yield change("member", fields(data, "member_id"), {"is_registered": False})


def consented(_event: Recorded, data: ConsentGiven) -> Iterator[Write]:
    """Letters to the member are allowed."""
    if data.purpose is ConsentPurpose.DIRECT_CONTACT:
        yield _letters(data.member_id, is_wanted=True)


def withdrew(_event: Recorded, data: ConsentWithdrawn) -> Iterator[Write]:
    """Letters to the member are not allowed any more."""
    if data.purpose is ConsentPurpose.DIRECT_CONTACT:
        yield _letters(data.member_id, is_wanted=False)


def erased(_event: Recorded, data: PersonalDataErased) -> Iterator[Write]:
    """There is no address any more."""
    yield _letters(data.member_id, is_wanted=False)


def _letters(member_id: UUID, *, is_wanted: bool) -> Write:
    return save("member", {"member_id": member_id}, {"wants_letters": is_wanted})


def merged(_event: Recorded, data: MemberIdentitiesMerged) -> Iterator[Write]:
    """Two entries are one person."""
    yield MERGED, (data.member_id, data.into_member_id)


def receipt_issued(_event: Recorded, data: RegistrationReceiptIssued) -> Iterator[Write]:
    """The unit has not acknowledged it yet."""
    yield save("receipt", fields(data, "registration_id"), {"is_outstanding": True})


def receipt_acknowledged(_event: Recorded, data: RegistrationReceiptAcknowledged) -> Iterator[Write]:
    """Nobody is reminded of it any more."""
    yield save("receipt", fields(data, "registration_id"), {"is_outstanding": False})


def post_titled(_event: Recorded, data: PostProposed | PostEstablished | PostAmended) -> Iterator[Write]:
    """What the post is called."""
    yield save("title", {"thing": "post", "thing_id": data.post_id}, fields(data, "title"))


def suggestion_titled(_event: Recorded, data: SuggestionSubmitted) -> Iterator[Write]:
    """What the suggestion is called."""
    yield save("title", {"thing": "suggestion", "thing_id": data.suggestion_id}, fields(data, "title"))


def planned(_event: Recorded, data: ActivityPlanned | ActivityAmended) -> Iterator[Write]:
    """What, when and where."""
    yield save("activity", fields(data, "activity_id"), fields(data, "title", "starts_at", "place"))


def published(_event: Recorded, data: ActivityPublished) -> Iterator[Write]:
    """Members may be reminded of it."""
    yield change("activity", fields(data, "activity_id"), {"is_published": True})


def cancelled(_event: Recorded, data: ActivityCancelled) -> Iterator[Write]:
    """Nobody is reminded of it any more."""
    yield change("activity", fields(data, "activity_id"), {"is_cancelled": True})


def signed_up(_event: Recorded, data: ActivitySignedUp) -> Iterator[Write]:
    """The member hears of changes."""
    yield save_new("sign_up", fields(data, "activity_id", "member_id"), {})


def signed_off(_event: Recorded, data: SignUpWithdrawn | LeaveApproved) -> Iterator[Write]:
    """The member does not hear of changes any more."""
    yield delete("sign_up", fields(data, "activity_id", "member_id"))


def joined(_event: Recorded, data: HelpPairingJoined) -> Iterator[Write]:
    """The helper hears of the pairing."""
    yield save_new("helper", fields(data, "pairing_id", "member_id"), {})


def left(_event: Recorded, data: HelpPairingLeft) -> Iterator[Write]:
    """The helper does not hear of the pairing any more."""
    yield delete("helper", fields(data, "pairing_id", "member_id"))


def followed(event: Recorded, data: MemberIdentityFollowed) -> Iterator[Write]:
    """The stream names the entry that remains from now on."""
    category, _, stream_id = event.stream.partition("/")
    if category in FOLLOWS:
        yield FOLLOWS[category], (UUID(stream_id), data.member_id, data.into_member_id)


def queued(event: Recorded, data: NotificationQueued) -> Iterator[Write]:
    """A notice waits."""
    codes = (data.notice_kind.value, data.channel.value, data.timing.value)
    text = (data.text_key, data.text_args)
    yield QUEUED, (data.notification_id, data.recipient_kind.value, data.recipient_id, *codes, *text, event.time, data.due)


def attempted(_event: Recorded, data: NotificationAttempted) -> Iterator[Write]:
    """A letter is being handed over."""
    yield ATTEMPT, (data.notification_id, "UNDER_WAY", data.attempt)


def deferred(_event: Recorded, data: NotificationDeferred) -> Iterator[Write]:
    """It will be tried again."""
    yield ATTEMPT, (data.notification_id, "WAITING", data.attempt)


def delivered(_event: Recorded, data: NotificationDelivered) -> Iterator[Write]:
    """In the inbox, or taken by the mail server."""
    yield STATE, (data.notification_id, "DELIVERED", None)


def failed(_event: Recorded, data: NotificationFailed) -> Iterator[Write]:
    """It will not be tried again."""
    yield STATE, (data.notification_id, "FAILED", data.reason.value)


def read(_event: Recorded, data: NotificationRead) -> Iterator[Write]:
    """The recipient has opened it."""
    yield READ, (data.notification_id,)


def letter_sent(event: Recorded, data: OpenLetterSent) -> Iterator[Write]:
    """Anybody concerned can read it again."""
    texts = (data.title_zh, data.text_zh, data.title_en, data.text_en)
    yield OPEN_LETTER, (data.letter_id, data.community_id, *texts, event.time, event.sequence)


PROJECTIONS: Final[Projections] = {
    OrganisationEstablished: established,
    OrganisationContactChanged: contact_changed,
    OrganisationRenamed: renamed,
    OrganisationDissolved: dissolved,
    RegistrationConfirmed: registered,
    RegistrationClosed: closed,
    ConsentGiven: consented,
    ConsentWithdrawn: withdrew,
    PersonalDataErased: erased,
    MemberIdentitiesMerged: merged,
    RegistrationReceiptIssued: receipt_issued,
    RegistrationReceiptAcknowledged: receipt_acknowledged,
    PostProposed: post_titled,
    PostEstablished: post_titled,
    PostAmended: post_titled,
    SuggestionSubmitted: suggestion_titled,
    ActivityPlanned: planned,
    ActivityAmended: planned,
    ActivityPublished: published,
    ActivityCancelled: cancelled,
    ActivitySignedUp: signed_up,
    SignUpWithdrawn: signed_off,
    LeaveApproved: signed_off,
    HelpPairingJoined: joined,
    HelpPairingLeft: left,
    MemberIdentityFollowed: followed,
    NotificationQueued: queued,
    NotificationAttempted: attempted,
    NotificationDeferred: deferred,
    NotificationDelivered: delivered,
    NotificationFailed: failed,
    NotificationRead: read,
    OpenLetterSent: letter_sent,
}
