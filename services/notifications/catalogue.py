"""Who is notified of what: one table, event type → notices. To add a notice: a kind in the contracts, a text, a line here.

No notice is about somebody else's inactivity, and none asks to log in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.contracts import activities, evaluation, notifications, registration, registration_changes, registration_stories
from shared.contracts.event import Event
from shared.contracts.notifications import NoticeKind, Timing


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


def _to_complainant(kind: NoticeKind, *args: str) -> tuple[Notice, ...]:
    """Who complained is one of the three."""
    return (
        Notice(kind, Audience.MEMBER, args, only_if="member_id"),
        Notice(kind, Audience.UNIT, args, only_if="unit_id"),
        Notice(kind, Audience.COMMUNITY, args, only_if="community_id"),
    )


_DIGEST = Timing.DAILY_DIGEST
_QUESTIONNAIRE = ("title_zh", "title_en", "last_day")
_LETTER = ("title_zh", "text_zh", "title_en", "text_en")

CATALOGUE: Final[Mapping[type[Event], tuple[Notice, ...]]] = {
    # registration
    registration.LiaisonCertificateIssued: (Notice(NoticeKind.CERTIFICATE_ISSUED, Audience.MEMBER, ("certificate_no", "community")),),
    registration.MemberRegistered: (
        Notice(NoticeKind.REGISTRATION_RECEIVED, Audience.MEMBER, ("community",)),
        Notice(NoticeKind.MEMBER_REPORTED, Audience.COMMUNITY, ("certificate_no", "unit")),
    ),
    registration.RegistrationReceiptIssued: (
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
    registration.RegistrationReturned: (Notice(NoticeKind.REGISTRATION_RETURNED, Audience.MEMBER, ("community", "reason")),),
    registration_changes.RegistrationRenewalDue: (Notice(NoticeKind.RENEWAL_DUE, Audience.MEMBER, ("community",)),),
    registration.PersonalDataErased: (Notice(NoticeKind.PERSONAL_DATA_ERASED, Audience.MEMBER, by_letter=False),),
    registration_stories.StoryDrafted: (Notice(NoticeKind.STORY_WAITS, Audience.MEMBER),),
    registration_stories.StoryAgreed: _to_side(NoticeKind.STORY_AGREED),
    registration_stories.StoryRefused: _to_side(NoticeKind.STORY_NOT_AGREED),
    registration_stories.StoryWithdrawn: _to_side(NoticeKind.STORY_NOT_AGREED),
    # activities
    activities.PostClaimed: (
        Notice(NoticeKind.POST_CLAIMED, Audience.MEMBER, ("post",)),
        Notice(NoticeKind.POST_CLAIM_RECEIVED, Audience.COMMUNITY, ("post",), _DIGEST),
    ),
    activities.PostClaimWaitlisted: (Notice(NoticeKind.POST_CLAIM_WAITLISTED, Audience.MEMBER, ("post", "position")),),
    activities.PostClaimRejected: (Notice(NoticeKind.POST_CLAIM_REJECTED, Audience.MEMBER, ("post", "claim_rejection")),),
    activities.PostTakenUp: (Notice(NoticeKind.POST_TAKEN_UP, Audience.MEMBER, ("post", "agreed_units")),),
    activities.PostReleased: (Notice(NoticeKind.POST_RELEASED, Audience.COMMUNITY, ("post", "release_reason"), _DIGEST),),
    activities.ActivityPlanned: (_reminder(),),
    activities.SignUpWaitlisted: (Notice(NoticeKind.SIGN_UP_WAITLISTED, Audience.MEMBER, ("activity", "position")),),
    activities.ActivitySignedUp: (
        Notice(NoticeKind.SIGN_UP_MOVED_UP, Audience.MEMBER, ("activity", "starts_at", "place"), only_if="from_waiting_list"),
    ),
    activities.ActivityAmended: (
        Notice(
            NoticeKind.ACTIVITY_CHANGED,
            Audience.SIGNED_UP,
            ("activity", "starts_at", "place"),
            condition=Condition.ACTIVITY_STANDS,
            only_if="is_announced",
        ),
        _reminder(),
    ),
    activities.ActivityCancelled: (Notice(NoticeKind.ACTIVITY_CANCELLED, Audience.SIGNED_UP, ("activity", "starts_at", "reason")),),
    activities.ActivityConfirmed: (Notice(NoticeKind.ACTIVITY_CONFIRMED, Audience.MEMBER, ("activity", "served_on", "minutes"), _DIGEST),),
    activities.ActivityDeclined: (Notice(NoticeKind.ACTIVITY_DECLINED, Audience.MEMBER, ("activity", "reason")),),
    activities.ActivityCorrected: (
        Notice(NoticeKind.ACTIVITY_CORRECTED, Audience.MEMBER, ("activity", "before_minutes", "minutes", "reason"), _DIGEST),
    ),
    activities.ActivityVoided: (Notice(NoticeKind.ACTIVITY_VOIDED, Audience.MEMBER, ("activity", "reason")),),
    activities.RecordCorrectionRequested: (
        Notice(NoticeKind.CORRECTION_REQUESTED, Audience.COMMUNITY, ("activity", "answer_by"), _DIGEST, only_if="answer_by"),
    ),
    activities.RecordCorrectionOverdue: (
        Notice(NoticeKind.CORRECTION_OVERDUE, Audience.COMMUNITY, ("activity", "due_on")),
        Notice(NoticeKind.CORRECTION_UNANSWERED, Audience.MEMBER, ("activity", "due_on")),
    ),
    activities.RecordCorrectionDeclined: (Notice(NoticeKind.CORRECTION_DECLINED, Audience.MEMBER, ("activity", "reason")),),
    activities.SuggestionAdopted: (Notice(NoticeKind.SUGGESTION_ADOPTED, Audience.MEMBER, ("suggestion", "plan"), _DIGEST),),
    activities.SuggestionDeclined: (Notice(NoticeKind.SUGGESTION_DECLINED, Audience.MEMBER, ("suggestion", "reason"), _DIGEST),),
    activities.HelpPairingStarted: (Notice(NoticeKind.HELP_PAIRING_STARTED, Audience.HELPERS, ("community",)),),
    activities.HelpPairingPaused: (
        Notice(NoticeKind.HELP_PAIRING_PAUSED, Audience.HELPERS, ("community", "pairing_pause")),
        Notice(NoticeKind.HELP_PAIRING_LACKS_SOMETHING, Audience.COMMUNITY, ("pairing_pause",)),
    ),
    activities.ResidentNeedReturned: (Notice(NoticeKind.NEED_RETURNED, Audience.MEMBER, ("need_return", "reason"), only_if="member_id"),),
    activities.ResidentNeedOverdue: (Notice(NoticeKind.NEED_OVERDUE, Audience.COMMUNITY, ("need_limit", "due_on"), _DIGEST),),
    activities.ComplaintOverdue: _to_complainant(NoticeKind.COMPLAINT_OVERDUE, "due_on", "complaint_desk"),
    activities.ComplaintAnswered: _to_complainant(NoticeKind.COMPLAINT_ANSWERED, "complaint_outcome", "answer"),
    activities.BulletinNamingAsked: (Notice(NoticeKind.BULLETIN_NAMING_ASKED, Audience.MEMBER, ("community", "month")),),
    activities.ServiceCertificateSuperseded: (
        Notice(NoticeKind.SERVICE_CERTIFICATE_SUPERSEDED, Audience.MEMBER, ("certificate_no", "community")),
    ),
    activities.ServiceCertificateObjected: (
        Notice(NoticeKind.SERVICE_CERTIFICATE_OBJECTED, Audience.MEMBER, ("certificate_no", "objection_ground", "reason")),
        Notice(NoticeKind.SERVICE_CERTIFICATE_OBJECTION_RECEIVED, Audience.COMMUNITY, ("certificate_no", "objection_ground")),
    ),
    activities.ServiceCertificateObjectionDismissed: (
        Notice(NoticeKind.SERVICE_CERTIFICATE_OBJECTION_DISMISSED, Audience.MEMBER, ("certificate_no", "reason")),
    ),
    activities.QuestionnairePublished: (
        Notice(NoticeKind.QUESTIONNAIRE_OPEN, Audience.COMMUNITY_MEMBERS, _QUESTIONNAIRE, _DIGEST, only_if="community_id"),
        Notice(NoticeKind.QUESTIONNAIRE_OPEN, Audience.EVERYBODY, _QUESTIONNAIRE, _DIGEST, only_if="is_to_the_district"),
    ),
    # evaluation
    evaluation.RuleSetPublished: (Notice(NoticeKind.RULE_SET_PUBLISHED, Audience.EVERYBODY, ("version", "effective_from")),),
    evaluation.DeductionProposed: (Notice(NoticeKind.DEDUCTION_PROPOSED, Audience.MEMBER, ("reason", "answer_until")),),
    evaluation.FeedbackReportDrafted: (Notice(NoticeKind.FEEDBACK_REPORT_DRAFTED, Audience.MEMBER, ("comment_until",)),),
    evaluation.FeedbackReportSent: (Notice(NoticeKind.FEEDBACK_REPORT_SENT, Audience.UNIT),),
    evaluation.ScoreStatementPublished: (Notice(NoticeKind.STATEMENT_PUBLISHED, Audience.MEMBER, ("version", "appeal_until")),),
    evaluation.ScoreStatementRestated: (
        Notice(NoticeKind.STATEMENT_RESTATED, Audience.MEMBER, ("version", "restatement_cause", "previous_score", "score", "appeal_until")),
    ),
    evaluation.GradeProposalRefused: (Notice(NoticeKind.DECISION_BY_PEOPLE_ASKED, Audience.UNIT, only_if="is_first"),),
    evaluation.StatementExported: (Notice(NoticeKind.STATEMENT_EXPORTED, Audience.MEMBER, ("recipient", "expires_on")),),
    evaluation.StatementExportExpired: (Notice(NoticeKind.EXPORT_EXPIRED, Audience.UNIT, ("recipient", "expires_on"), only_if="unit_id"),),
    evaluation.StatementExportDestroyed: (Notice(NoticeKind.EXPORT_DESTROYED, Audience.MEMBER, ("recipient", "destroyed_on")),),
    evaluation.AppealAccepted: (Notice(NoticeKind.APPEAL_ACCEPTED, Audience.MEMBER, ("reasons",)),),
    evaluation.AppealRejected: (Notice(NoticeKind.APPEAL_REJECTED, Audience.MEMBER, ("reasons",)),),
    evaluation.MemberNominated: (Notice(NoticeKind.NOMINATED_FOR_AWARD, Audience.MEMBER, ("award", "reason", "consent_until")),),
    evaluation.NominationDeclined: (
        Notice(NoticeKind.NOMINATION_DECLINED, Audience.UNIT, ("award",), only_if="unit_id"),
        Notice(NoticeKind.NOMINATION_DECLINED, Audience.COMMUNITY, ("award",), only_if="community_id"),
    ),
    evaluation.NominationLapsed: (Notice(NoticeKind.NOMINATION_LAPSED, Audience.MEMBER, ("award", "lapse_cause")),),
    evaluation.AwardDecided: (Notice(NoticeKind.AWARD_DECIDED, Audience.MEMBER, ("award", "award_outcome")),),
    evaluation.AwardGranted: (Notice(NoticeKind.AWARD_GRANTED, Audience.MEMBER, ("award",)),),
    evaluation.AwardObjected: (
        Notice(NoticeKind.AWARD_OBJECTED, Audience.MEMBER, ("award", "award_objection_ground", "reason", "comment_until")),
        Notice(
            NoticeKind.AWARD_OBJECTION_RECEIVED,
            Audience.COMMUNITY,
            ("award", "award_objection_ground", "answer_by"),
            only_if="community_id",
        ),
    ),
    evaluation.AwardObjectionUpheld: (Notice(NoticeKind.AWARD_OBJECTION_UPHELD, Audience.MEMBER, ("award", "reason")),),
    evaluation.AwardObjectionDismissed: (Notice(NoticeKind.AWARD_OBJECTION_DISMISSED, Audience.MEMBER, ("award", "reason")),),
    # notifications
    notifications.OpenLetterSent: (
        Notice(NoticeKind.COMMUNITY_LETTER, Audience.COMMUNITY_MEMBERS, ("community", *_LETTER), only_if="community_id"),
        Notice(NoticeKind.DISTRICT_LETTER, Audience.EVERYBODY, _LETTER, only_if="is_to_the_district"),
    ),
}
