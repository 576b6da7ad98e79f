"""What notifications says happened to a notice: queued, attempted, delivered, failed, read. And open letters to all members.

Invariant: no address, no name and no letter text ever enters an event; a notice is its kind plus arguments for the text.
"""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.parked import Decided


class RecipientKind(StrEnum):
    """Who is told. Units and communities are told as organisations, never through one person's private address."""

    MEMBER = "MEMBER"
    UNIT = "UNIT"
    COMMUNITY = "COMMUNITY"


class Channel(StrEnum):
    """How they are told: always in the inbox of the product, sometimes by letter (e-mail) as well."""

    INBOX = "INBOX"
    LETTER = "LETTER"


class Timing(StrEnum):
    """When a letter leaves: at once (outside quiet hours), or with the recipient's digest next morning."""

    IMMEDIATE = "IMMEDIATE"
    DAILY_DIGEST = "DAILY_DIGEST"


class NoticeKind(StrEnum):
    """What the recipient is told. The lower-case name is the key of the text in shared/texts/notifications.toml."""

    CERTIFICATE_ISSUED = "CERTIFICATE_ISSUED"
    MEMBER_REPORTED = "MEMBER_REPORTED"
    REGISTRATION_RECEIVED = "REGISTRATION_RECEIVED"
    REGISTRATION_CONFIRMED = "REGISTRATION_CONFIRMED"
    REGISTRATION_RETURNED = "REGISTRATION_RETURNED"
    RENEWAL_DUE = "RENEWAL_DUE"
    STORY_WAITS = "STORY_WAITS"
    STORY_AGREED = "STORY_AGREED"
    STORY_NOT_AGREED = "STORY_NOT_AGREED"
    RECEIPT_ISSUED = "RECEIPT_ISSUED"
    RECEIPT_OVERDUE = "RECEIPT_OVERDUE"
    POST_CLAIMED = "POST_CLAIMED"
    POST_CLAIM_RECEIVED = "POST_CLAIM_RECEIVED"
    POST_CLAIM_WAITLISTED = "POST_CLAIM_WAITLISTED"
    SIGN_UP_WAITLISTED = "SIGN_UP_WAITLISTED"
    SIGN_UP_MOVED_UP = "SIGN_UP_MOVED_UP"
    POST_CLAIM_REJECTED = "POST_CLAIM_REJECTED"
    POST_TAKEN_UP = "POST_TAKEN_UP"
    POST_RELEASED = "POST_RELEASED"
    ACTIVITY_REMINDER = "ACTIVITY_REMINDER"
    ACTIVITY_CANCELLED = "ACTIVITY_CANCELLED"
    ACTIVITY_CHANGED = "ACTIVITY_CHANGED"
    ACTIVITY_CONFIRMED = "ACTIVITY_CONFIRMED"
    ACTIVITY_DECLINED = "ACTIVITY_DECLINED"
    ACTIVITY_CORRECTED = "ACTIVITY_CORRECTED"
    ACTIVITY_VOIDED = "ACTIVITY_VOIDED"
    SUGGESTION_ADOPTED = "SUGGESTION_ADOPTED"
    SUGGESTION_DECLINED = "SUGGESTION_DECLINED"
    HELP_PAIRING_STARTED = "HELP_PAIRING_STARTED"
    HELP_PAIRING_PAUSED = "HELP_PAIRING_PAUSED"
    HELP_PAIRING_LACKS_SOMETHING = "HELP_PAIRING_LACKS_SOMETHING"
    NEED_RETURNED = "NEED_RETURNED"
    NEED_OVERDUE = "NEED_OVERDUE"
    COMPLAINT_OVERDUE = "COMPLAINT_OVERDUE"
    COMPLAINT_ANSWERED = "COMPLAINT_ANSWERED"
    BULLETIN_NAMING_ASKED = "BULLETIN_NAMING_ASKED"
    CORRECTION_REQUESTED = "CORRECTION_REQUESTED"
    CORRECTION_OVERDUE = "CORRECTION_OVERDUE"
    CORRECTION_UNANSWERED = "CORRECTION_UNANSWERED"
    CORRECTION_DECLINED = "CORRECTION_DECLINED"
    SERVICE_CERTIFICATE_SUPERSEDED = "SERVICE_CERTIFICATE_SUPERSEDED"
    SERVICE_CERTIFICATE_OBJECTED = "SERVICE_CERTIFICATE_OBJECTED"
    SERVICE_CERTIFICATE_OBJECTION_RECEIVED = "SERVICE_CERTIFICATE_OBJECTION_RECEIVED"
    SERVICE_CERTIFICATE_OBJECTION_DISMISSED = "SERVICE_CERTIFICATE_OBJECTION_DISMISSED"
    DEDUCTION_PROPOSED = "DEDUCTION_PROPOSED"
    FEEDBACK_REPORT_DRAFTED = "FEEDBACK_REPORT_DRAFTED"
    FEEDBACK_REPORT_SENT = "FEEDBACK_REPORT_SENT"
    RULE_SET_PUBLISHED = "RULE_SET_PUBLISHED"
    STATEMENT_PUBLISHED = "STATEMENT_PUBLISHED"
    STATEMENT_RESTATED = "STATEMENT_RESTATED"
    STATEMENT_RESTATED_SAME_SCORE = "STATEMENT_RESTATED_SAME_SCORE"
    CONFIRMED_STATEMENT_RESTATED = "CONFIRMED_STATEMENT_RESTATED"
    EXPORT_OUTDATED = "EXPORT_OUTDATED"
    DECISION_BY_PEOPLE_ASKED = "DECISION_BY_PEOPLE_ASKED"
    STATEMENT_EXPORTED = "STATEMENT_EXPORTED"
    EXPORT_EXPIRED = "EXPORT_EXPIRED"
    EXPORT_DESTROYED = "EXPORT_DESTROYED"
    APPEAL_ACCEPTED = "APPEAL_ACCEPTED"
    APPEAL_CHANGES_NOTHING = "APPEAL_CHANGES_NOTHING"
    APPEAL_REJECTED = "APPEAL_REJECTED"
    NOMINATED_FOR_AWARD = "NOMINATED_FOR_AWARD"
    NOMINATION_DECLINED = "NOMINATION_DECLINED"
    NOMINATION_LAPSED = "NOMINATION_LAPSED"
    AWARD_DECIDED = "AWARD_DECIDED"
    AWARD_GRANTED = "AWARD_GRANTED"
    AWARD_OBJECTED = "AWARD_OBJECTED"
    AWARD_OBJECTION_RECEIVED = "AWARD_OBJECTION_RECEIVED"
    AWARD_OBJECTION_UPHELD = "AWARD_OBJECTION_UPHELD"
    AWARD_OBJECTION_DISMISSED = "AWARD_OBJECTION_DISMISSED"
    PERSONAL_DATA_ERASED = "PERSONAL_DATA_ERASED"
    QUESTIONNAIRE_OPEN = "QUESTIONNAIRE_OPEN"
    COMMUNITY_LETTER = "COMMUNITY_LETTER"
    DISTRICT_LETTER = "DISTRICT_LETTER"
    LETTERS_REST = "LETTERS_REST"


class FailureReason(StrEnum):
    """Why a letter was given up. UNKNOWN_OUTCOME: it may have arrived, so it is not sent again.

    ADDRESS_REFUSED: the server knows no such recipient. SERVER_REFUSED: it refused for another reason, and nobody mended that for days.
    NOT_HANDED_OVER: what is stored as address is none, so no server was asked. BOUNCED: it was taken and came back. ADDRESS_RESTS: letters
    came back before, and the address has not changed since.
    """

    NO_ADDRESS = "NO_ADDRESS"
    ADDRESS_REFUSED = "ADDRESS_REFUSED"
    SERVER_UNREACHABLE = "SERVER_UNREACHABLE"
    SERVER_REFUSED = "SERVER_REFUSED"
    NOT_HANDED_OVER = "NOT_HANDED_OVER"
    BOUNCED = "BOUNCED"
    ADDRESS_RESTS = "ADDRESS_RESTS"
    UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME"


class NotificationQueued(Event):
    """Somebody shall be told something; there is one of these per (source event, recipient, kind, channel)."""

    TYPE: ClassVar[str] = "guangcai.notifications.NotificationQueued"
    VERSION: ClassVar[int] = 1

    notification_id: UUID
    recipient_kind: RecipientKind
    recipient_id: UUID
    notice_kind: NoticeKind
    channel: Channel
    timing: Timing
    text_key: str
    text_args: dict[str, str]
    source_event_id: UUID
    due: datetime


class NotificationAttempted(Event):
    """A letter is about to be handed to the mail server. Recorded first, so that a crash leaves a trace and no second letter."""

    TYPE: ClassVar[str] = "guangcai.notifications.NotificationAttempted"
    VERSION: ClassVar[int] = 1

    notification_id: UUID
    attempt: int


class NotificationDeferred(Event):
    """The attempt certainly delivered nothing; another one follows later."""

    TYPE: ClassVar[str] = "guangcai.notifications.NotificationDeferred"
    VERSION: ClassVar[int] = 1

    notification_id: UUID
    attempt: int
    reason: FailureReason


class NotificationDelivered(Event):
    """The notice lies in the inbox, or the mail server took the letter."""

    TYPE: ClassVar[str] = "guangcai.notifications.NotificationDelivered"
    VERSION: ClassVar[int] = 1

    notification_id: UUID
    recipient_kind: RecipientKind
    recipient_id: UUID
    notice_kind: NoticeKind
    channel: Channel


class NotificationFailed(Event):
    """The letter was given up, or came back after its delivery; the notice is still in the inbox."""

    TYPE: ClassVar[str] = "guangcai.notifications.NotificationFailed"
    VERSION: ClassVar[int] = 1

    notification_id: UUID
    recipient_kind: RecipientKind
    recipient_id: UUID
    notice_kind: NoticeKind
    channel: Channel
    reason: FailureReason


class NotificationRead(Event):
    """The recipient opened the notice. Never used for scoring, never reported per person."""

    TYPE: ClassVar[str] = "guangcai.notifications.NotificationRead"
    VERSION: ClassVar[int] = 1

    notification_id: UUID
    recipient_kind: RecipientKind
    recipient_id: UUID


class LetterBounced(Event):
    """A letter to this recipient came back, or its address was refused."""

    TYPE: ClassVar[str] = "guangcai.notifications.LetterBounced"
    VERSION: ClassVar[int] = 1

    recipient_kind: RecipientKind
    recipient_id: UUID
    notification_id: UUID


class AddressRested(Event):
    """So many letters came back that none is sent until the recipient's address changes."""

    TYPE: ClassVar[str] = "guangcai.notifications.AddressRested"
    VERSION: ClassVar[int] = 1

    recipient_kind: RecipientKind
    recipient_id: UUID
    bounces: int

    @property
    def member_id(self) -> UUID | None:
        """The recipient, if a member."""
        return self.recipient_id if self.recipient_kind is RecipientKind.MEMBER else None

    @property
    def unit_id(self) -> UUID | None:
        """The recipient, if a unit."""
        return self.recipient_id if self.recipient_kind is RecipientKind.UNIT else None

    @property
    def community_id(self) -> UUID | None:
        """The recipient, if a community."""
        return self.recipient_id if self.recipient_kind is RecipientKind.COMMUNITY else None


class AddressRenewed(Event):
    """The recipient gave contact details afresh: letters are sent again, and what came back before counts no more."""

    TYPE: ClassVar[str] = "guangcai.notifications.AddressRenewed"
    VERSION: ClassVar[int] = 1

    recipient_kind: RecipientKind
    recipient_id: UUID


class OpenLetterSent(Event):
    """公开信: a community wrote to all members registered there, or (without `community_id`) the district to all of its own.

    In the language it was written in where there is no other.
    """

    TYPE: ClassVar[str] = "guangcai.notifications.OpenLetterSent"
    VERSION: ClassVar[int] = 1

    letter_id: UUID
    community_id: UUID | None
    title_zh: str
    text_zh: str
    title_en: str
    text_en: str

    @property
    def is_to_the_district(self) -> bool:
        """Whether the district wrote it."""
        return self.community_id is None


class ParkedEventsDecided(Decided, Event):
    """An operator decided about events that notifications could not apply."""

    TYPE: ClassVar[str] = "guangcai.notifications.ParkedEventsDecided"
    VERSION: ClassVar[int] = 1
