"""Who is notified of what: one table, event type → notices. To add a notice: a kind in the contracts, a text, a line here.

No notice is about somebody else's inactivity, and none asks to log in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.contracts.activities.bulletins import BulletinNamingAsked
from shared.contracts.activities.certificates import (
    ServiceCertificateObjected,
    ServiceCertificateObjectionDismissed,
    ServiceCertificateSuperseded,
)
from shared.contracts.activities.community import SuggestionAdopted, SuggestionDeclined
from shared.contracts.activities.complaints import ComplaintAnswered, ComplaintOverdue
from shared.contracts.activities.needs import ResidentNeedOverdue, ResidentNeedReturned
from shared.contracts.activities.pairings import HelpPairingPaused, HelpPairingStarted
from shared.contracts.activities.posts import PostClaimed, PostClaimRejected, PostClaimWaitlisted, PostReleased, PostTakenUp
from shared.contracts.activities.questionnaires import QuestionnairePublished
from shared.contracts.activities.records import (
    ActivityAmended,
    ActivityCancelled,
    ActivityConfirmed,
    ActivityCorrected,
    ActivityDeclined,
    ActivityPlanned,
    ActivitySignedUp,
    ActivityVoided,
    RecordCorrectionDeclined,
    RecordCorrectionOverdue,
    RecordCorrectionRequested,
    SignUpWaitlisted,
)
from shared.contracts.evaluation.assessments import FeedbackReportDrafted, FeedbackReportSent
from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardGranted,
    AwardObjected,
    AwardObjectionDismissed,
    AwardObjectionUpheld,
    MemberNominated,
    NominationDeclined,
    NominationLapsed,
)
from shared.contracts.evaluation.hearings import AppealAccepted, AppealRejected, DeductionProposed, GradeProposalRefused
from shared.contracts.evaluation.periods import RuleSetPublished
from shared.contracts.evaluation.statements import (
    ScoreStatementPublished,
    ScoreStatementRestated,
    StatementExportDestroyed,
    StatementExported,
    StatementExportExpired,
    StatementExportOutdated,
)
from shared.contracts.event import Event
from shared.contracts.notifications import AddressRested, NoticeKind, OpenLetterSent, Timing
from shared.contracts.registration.certificates import LiaisonCertificateIssued
from shared.contracts.registration.changes import RegistrationRenewalDue
from shared.contracts.registration.members import PersonalDataErased
from shared.contracts.registration.registrations import MemberRegistered, RegistrationReceiptIssued, RegistrationReturned
from shared.contracts.registration.stories import StoryAgreed, StoryDrafted, StoryRefused, StoryWithdrawn


class Audience(StrEnum):
    """Whom a notice reaches; found by the event's member_id, unit_id, community_id, activity_id or pairing_id when it is due."""

    MEMBER = "MEMBER"
    UNIT = "UNIT"
    COMMUNITY = "COMMUNITY"
    SIGNED_UP = "SIGNED_UP"  # members signed up for the activity
    HELPERS = "HELPERS"  # members who take part in the pairing
    COMMUNITY_MEMBERS = "COMMUNITY_MEMBERS"  # members registered in the community
    EVERYBODY = "EVERYBODY"  # members registered in the district


class Condition(StrEnum):
    """What must still be so when the notice is due."""

    ALWAYS = "ALWAYS"
    RECEIPT_IS_OUTSTANDING = "RECEIPT_IS_OUTSTANDING"
    ACTIVITY_STANDS = "ACTIVITY_STANDS"  # published, not cancelled, and still at the time the reminder was made for


RECEIPT_PATIENCE: Final = timedelta(days=7)
REMIND_BEFORE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Notice:
    """One line of the table. `args` are fields of the event, or names found in the directory: unit, community, post, activity, …

    Two fields x_zh and x_en fill the place {x} of a text, each in its language.
    """

    kind: NoticeKind
    to: Audience
    args: tuple[str, ...] = ()
    timing: Timing = Timing.IMMEDIATE
    by_letter: bool = True
    condition: Condition = Condition.ALWAYS
    only_if: str | None = None  # name of a field of the event that is true, or not empty
    after: timedelta = timedelta()
    before_start: timedelta | None = None

    def applies_to(self, event: Event) -> bool:
        """Whether this event leads to the notice at all."""
        return self.only_if is None or bool(getattr(event, self.only_if))

    def due(self, event: Event, happened: datetime) -> datetime:
        """When the notice of `event`, which happened at `happened`, is due."""
        if self.before_start is None:
            return happened + self.after
        starts_at = getattr(event, "starts_at", happened)
        return max(happened, starts_at - self.before_start)


def _reminder() -> Notice:
    return Notice(
        NoticeKind.ACTIVITY_REMINDER,
        Audience.SIGNED_UP,
        ("activity", "starts_at", "place"),
        condition=Condition.ACTIVITY_STANDS,
        before_start=REMIND_BEFORE,
    )


def _to_side(kind: NoticeKind) -> tuple[Notice, ...]:
    """Unit or community, whichever drafted the story."""
    return (Notice(kind, Audience.UNIT, only_if="unit_id"), Notice(kind, Audience.COMMUNITY, only_if="community_id"))


def _to_whom_of_three(kind: NoticeKind, *args: str, by_letter: bool = True) -> tuple[Notice, ...]:
    """Who is meant is a member, a unit or a community."""
    return (
        Notice(kind, Audience.MEMBER, args, by_letter=by_letter, only_if="member_id"),
        Notice(kind, Audience.UNIT, args, by_letter=by_letter, only_if="unit_id"),
        Notice(kind, Audience.COMMUNITY, args, by_letter=by_letter, only_if="community_id"),
    )


_DIGEST = Timing.DAILY_DIGEST
_QUESTIONNAIRE = ("title_zh", "title_en", "last_day")
_LETTER = ("title_zh", "text_zh", "title_en", "text_en")

CATALOGUE: Final[Mapping[type[Event], tuple[Notice, ...]]] = {
    # registration
    LiaisonCertificateIssued: (Notice(NoticeKind.CERTIFICATE_ISSUED, Audience.MEMBER, ("certificate_no", "community")),),
    MemberRegistered: (
        Notice(NoticeKind.REGISTRATION_RECEIVED, Audience.MEMBER, ("community",)),
        Notice(NoticeKind.MEMBER_REPORTED, Audience.COMMUNITY, ("certificate_no", "unit")),
    ),
    RegistrationReceiptIssued: (
        Notice(NoticeKind.REGISTRATION_CONFIRMED, Audience.MEMBER, ("community", "receipt_no")),
        Notice(NoticeKind.RECEIPT_ISSUED, Audience.UNIT, ("community", "receipt_no")),
        Notice(
            NoticeKind.RECEIPT_OVERDUE,
            Audience.UNIT,
            ("community", "receipt_no", "days"),
            condition=Condition.RECEIPT_IS_OUTSTANDING,
            after=RECEIPT_PATIENCE,
        ),
    ),
    RegistrationReturned: (Notice(NoticeKind.REGISTRATION_RETURNED, Audience.MEMBER, ("community", "reason")),),
    RegistrationRenewalDue: (Notice(NoticeKind.RENEWAL_DUE, Audience.MEMBER, ("community",)),),
    PersonalDataErased: (Notice(NoticeKind.PERSONAL_DATA_ERASED, Audience.MEMBER, by_letter=False),),
    StoryDrafted: (Notice(NoticeKind.STORY_WAITS, Audience.MEMBER),),
    StoryAgreed: _to_side(NoticeKind.STORY_AGREED),
    StoryRefused: _to_side(NoticeKind.STORY_NOT_AGREED),
    StoryWithdrawn: _to_side(NoticeKind.STORY_NOT_AGREED),
    # activities
    PostClaimed: (
        Notice(NoticeKind.POST_CLAIMED, Audience.MEMBER, ("post",)),
        Notice(NoticeKind.POST_CLAIM_RECEIVED, Audience.COMMUNITY, ("post",), _DIGEST),
    ),
    PostClaimWaitlisted: (Notice(NoticeKind.POST_CLAIM_WAITLISTED, Audience.MEMBER, ("post", "position")),),
    PostClaimRejected: (Notice(NoticeKind.POST_CLAIM_REJECTED, Audience.MEMBER, ("post", "claim_rejection")),),
    PostTakenUp: (Notice(NoticeKind.POST_TAKEN_UP, Audience.MEMBER, ("post", "agreed_units")),),
    PostReleased: (Notice(NoticeKind.POST_RELEASED, Audience.COMMUNITY, ("post", "release_reason"), _DIGEST),),
    ActivityPlanned: (_reminder(),),
    SignUpWaitlisted: (Notice(NoticeKind.SIGN_UP_WAITLISTED, Audience.MEMBER, ("activity", "position")),),
    ActivitySignedUp: (
        Notice(NoticeKind.SIGN_UP_MOVED_UP, Audience.MEMBER, ("activity", "starts_at", "place"), only_if="from_waiting_list"),
    ),
    ActivityAmended: (
        Notice(
            NoticeKind.ACTIVITY_CHANGED,
            Audience.SIGNED_UP,
            ("activity", "starts_at", "place"),
            condition=Condition.ACTIVITY_STANDS,
            only_if="is_announced",
        ),
        _reminder(),
    ),
    ActivityCancelled: (Notice(NoticeKind.ACTIVITY_CANCELLED, Audience.SIGNED_UP, ("activity", "starts_at", "reason")),),
    ActivityConfirmed: (Notice(NoticeKind.ACTIVITY_CONFIRMED, Audience.MEMBER, ("activity", "served_on", "minutes"), _DIGEST),),
    ActivityDeclined: (Notice(NoticeKind.ACTIVITY_DECLINED, Audience.MEMBER, ("activity", "reason")),),
    ActivityCorrected: (
        Notice(NoticeKind.ACTIVITY_CORRECTED, Audience.MEMBER, ("activity", "before_minutes", "minutes", "reason"), _DIGEST),
    ),
    ActivityVoided: (Notice(NoticeKind.ACTIVITY_VOIDED, Audience.MEMBER, ("activity", "reason")),),
    RecordCorrectionRequested: (
        Notice(NoticeKind.CORRECTION_REQUESTED, Audience.COMMUNITY, ("activity", "answer_by"), _DIGEST, only_if="answer_by"),
    ),
    RecordCorrectionOverdue: (
        Notice(NoticeKind.CORRECTION_OVERDUE, Audience.COMMUNITY, ("activity", "due_on")),
        Notice(NoticeKind.CORRECTION_UNANSWERED, Audience.MEMBER, ("activity", "due_on")),
    ),
    RecordCorrectionDeclined: (Notice(NoticeKind.CORRECTION_DECLINED, Audience.MEMBER, ("activity", "reason")),),
    SuggestionAdopted: (Notice(NoticeKind.SUGGESTION_ADOPTED, Audience.MEMBER, ("suggestion", "plan"), _DIGEST),),
    SuggestionDeclined: (Notice(NoticeKind.SUGGESTION_DECLINED, Audience.MEMBER, ("suggestion", "reason"), _DIGEST),),
    HelpPairingStarted: (Notice(NoticeKind.HELP_PAIRING_STARTED, Audience.HELPERS, ("community",)),),
    HelpPairingPaused: (
        Notice(NoticeKind.HELP_PAIRING_PAUSED, Audience.HELPERS, ("community", "pairing_pause")),
        Notice(NoticeKind.HELP_PAIRING_LACKS_SOMETHING, Audience.COMMUNITY, ("pairing_pause",)),
    ),
    ResidentNeedReturned: (Notice(NoticeKind.NEED_RETURNED, Audience.MEMBER, ("need_return", "reason"), only_if="member_id"),),
    ResidentNeedOverdue: (Notice(NoticeKind.NEED_OVERDUE, Audience.COMMUNITY, ("need_limit", "due_on"), _DIGEST),),
    ComplaintOverdue: _to_whom_of_three(NoticeKind.COMPLAINT_OVERDUE, "due_on", "complaint_desk"),
    ComplaintAnswered: _to_whom_of_three(NoticeKind.COMPLAINT_ANSWERED, "complaint_outcome", "answer"),
    BulletinNamingAsked: (Notice(NoticeKind.BULLETIN_NAMING_ASKED, Audience.MEMBER, ("community", "month")),),
    ServiceCertificateSuperseded: (Notice(NoticeKind.SERVICE_CERTIFICATE_SUPERSEDED, Audience.MEMBER, ("certificate_no", "community")),),
    ServiceCertificateObjected: (
        Notice(NoticeKind.SERVICE_CERTIFICATE_OBJECTED, Audience.MEMBER, ("certificate_no", "objection_ground", "reason")),
        Notice(NoticeKind.SERVICE_CERTIFICATE_OBJECTION_RECEIVED, Audience.COMMUNITY, ("certificate_no", "objection_ground")),
    ),
    ServiceCertificateObjectionDismissed: (
        Notice(NoticeKind.SERVICE_CERTIFICATE_OBJECTION_DISMISSED, Audience.MEMBER, ("certificate_no", "reason")),
    ),
    QuestionnairePublished: (
        Notice(NoticeKind.QUESTIONNAIRE_OPEN, Audience.COMMUNITY_MEMBERS, _QUESTIONNAIRE, _DIGEST, only_if="community_id"),
        Notice(NoticeKind.QUESTIONNAIRE_OPEN, Audience.EVERYBODY, _QUESTIONNAIRE, _DIGEST, only_if="is_to_the_district"),
    ),
    # evaluation
    RuleSetPublished: (Notice(NoticeKind.RULE_SET_PUBLISHED, Audience.EVERYBODY, ("version", "effective_from")),),
    DeductionProposed: (Notice(NoticeKind.DEDUCTION_PROPOSED, Audience.MEMBER, ("reason", "answer_until")),),
    FeedbackReportDrafted: (Notice(NoticeKind.FEEDBACK_REPORT_DRAFTED, Audience.MEMBER, ("comment_until",)),),
    FeedbackReportSent: (Notice(NoticeKind.FEEDBACK_REPORT_SENT, Audience.UNIT),),
    ScoreStatementPublished: (Notice(NoticeKind.STATEMENT_PUBLISHED, Audience.MEMBER, ("version", "appeal_until")),),
    ScoreStatementRestated: (
        Notice(
            NoticeKind.STATEMENT_RESTATED,
            Audience.MEMBER,
            ("version", "restatement_cause", "previous_score", "score", "appeal_until"),
            only_if="is_score_changed",
        ),
        Notice(
            NoticeKind.STATEMENT_RESTATED_SAME_SCORE,
            Audience.MEMBER,
            ("version", "restatement_cause", "score", "appeal_until"),
            only_if="is_score_kept",
        ),
        Notice(NoticeKind.CONFIRMED_STATEMENT_RESTATED, Audience.UNIT, ("version",), only_if="was_confirmed"),
    ),
    GradeProposalRefused: (Notice(NoticeKind.DECISION_BY_PEOPLE_ASKED, Audience.UNIT, only_if="is_first"),),
    StatementExported: (Notice(NoticeKind.STATEMENT_EXPORTED, Audience.MEMBER, ("recipient", "expires_on")),),
    StatementExportExpired: (Notice(NoticeKind.EXPORT_EXPIRED, Audience.UNIT, ("recipient", "expires_on"), only_if="unit_id"),),
    StatementExportDestroyed: (Notice(NoticeKind.EXPORT_DESTROYED, Audience.MEMBER, ("recipient", "destroyed_on")),),
    StatementExportOutdated: (
        Notice(NoticeKind.EXPORT_OUTDATED, Audience.UNIT, ("recipient", "statement_version", "expires_on"), only_if="unit_id"),
    ),
    AppealAccepted: (
        Notice(NoticeKind.APPEAL_ACCEPTED, Audience.MEMBER, ("reasons",)),
        Notice(NoticeKind.APPEAL_CHANGES_NOTHING, Audience.MEMBER, ("unchanged_because",), only_if="unchanged_because"),
    ),
    AppealRejected: (Notice(NoticeKind.APPEAL_REJECTED, Audience.MEMBER, ("reasons",)),),
    MemberNominated: (Notice(NoticeKind.NOMINATED_FOR_AWARD, Audience.MEMBER, ("award", "reason", "consent_until")),),
    NominationDeclined: (
        Notice(NoticeKind.NOMINATION_DECLINED, Audience.UNIT, ("award",), only_if="unit_id"),
        Notice(NoticeKind.NOMINATION_DECLINED, Audience.COMMUNITY, ("award",), only_if="community_id"),
    ),
    NominationLapsed: (Notice(NoticeKind.NOMINATION_LAPSED, Audience.MEMBER, ("award", "lapse_cause")),),
    AwardDecided: (Notice(NoticeKind.AWARD_DECIDED, Audience.MEMBER, ("award", "award_outcome")),),
    AwardGranted: (Notice(NoticeKind.AWARD_GRANTED, Audience.MEMBER, ("award",)),),
    AwardObjected: (
        Notice(NoticeKind.AWARD_OBJECTED, Audience.MEMBER, ("award", "award_objection_ground", "reason", "comment_until")),
        Notice(
            NoticeKind.AWARD_OBJECTION_RECEIVED,
            Audience.COMMUNITY,
            ("award", "award_objection_ground", "answer_by"),
            only_if="community_id",
        ),
    ),
    AwardObjectionUpheld: (Notice(NoticeKind.AWARD_OBJECTION_UPHELD, Audience.MEMBER, ("award", "reason")),),
    AwardObjectionDismissed: (Notice(NoticeKind.AWARD_OBJECTION_DISMISSED, Audience.MEMBER, ("award", "reason")),),
    # notifications
    AddressRested: _to_whom_of_three(NoticeKind.LETTERS_REST, "bounces", by_letter=False),
    OpenLetterSent: (
        Notice(NoticeKind.COMMUNITY_LETTER, Audience.COMMUNITY_MEMBERS, ("community", *_LETTER), only_if="community_id"),
        Notice(NoticeKind.DISTRICT_LETTER, Audience.EVERYBODY, _LETTER, only_if="is_to_the_district"),
    ),
}
