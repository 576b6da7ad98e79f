"""A member on a work unit's roster: who (sealed), what they offer, what they agreed to.

Invariant: personal fields enter sealed or not at all; withdrawing consent and erasure are never refused; after erasure nothing is added.
"""

from dataclasses import replace

from services.registration.members.account import (
    ClaimAccount,
    IssueAccountCode,
    ReleaseAccount,
    TakeOverAccount,
    account_reservations,
    decide_account,
    evolve_account,
    release,
)
from services.registration.members.corrections import correct, corrected
from services.registration.members.state import (
    AgreeToCorrection,
    ApplyRetention,
    ChangeContactDetails,
    ChangePoliticalStatus,
    ChangeWorkUnit,
    DeclineCorrection,
    DuplicateIsRegistered,
    Enrolled,
    EnrolMember,
    Erased,
    EraseMember,
    GiveConsent,
    MarkLostContact,
    Member,
    MemberCommand,
    MemberIsErased,
    MemberIsMerged,
    MemberNumberTaken,
    MemberUnknown,
    Merged,
    MergeInto,
    MergeNeedsAnotherMember,
    RequestCorrection,
    RestoreContact,
    Unknown,
    UpdateProfile,
    WithdrawConsent,
)
from shared.contracts.event import Event
from shared.contracts.registration import (
    ConsentGiven,
    ConsentWithdrawn,
    ContactDetailsChanged,
    MemberEnrolled,
    MemberProfileUpdated,
    PersonalDataErased,
    WorkUnitChanged,
)
from shared.contracts.registration_accounts import AccountReleaseReason
from shared.contracts.registration_changes import (
    MemberContactLost,
    MemberContactRestored,
    MemberIdentitiesMerged,
)
from shared.decider import Decider, Reservation, Reserve


def decide(command: MemberCommand, state: Member) -> tuple[Event, ...]:
    """Events that follow from a command."""
    match command, state:
        case EnrolMember(), Unknown():
            return (MemberEnrolled(**command.model_dump()),)
        case EnrolMember(), Enrolled() | Merged():
            return ()
        case EraseMember() | WithdrawConsent(), Erased():
            return ()
        case _, Unknown():
            raise MemberUnknown
        case _, Erased():
            raise MemberIsErased
        case WithdrawConsent(), Merged():
            return ()
        case EraseMember(), Merged():
            return (PersonalDataErased(member_id=state.member_id),)
        case MergeInto(), Merged() if command.into_member_id == state.into_member_id:
            return ()
        case _, Merged():
            raise MemberIsMerged(into_member_id=str(state.into_member_id))
        case _, Enrolled():
            return _decide_enrolled(command, state)


def _decide_enrolled(command: MemberCommand, state: Enrolled) -> tuple[Event, ...]:
    match command:
        case ChangeContactDetails():
            changed = ContactDetailsChanged(member_id=state.member_id, phone_sealed=command.phone_sealed, email_sealed=command.email_sealed)
            return (changed,)
        case ChangeWorkUnit():
            return _change_work_unit(command, state)
        case UpdateProfile():
            return _update_profile(command, state)
        case GiveConsent():
            return _give_consent(command, state)
        case WithdrawConsent():
            return _withdraw_consent(command, state)
        case EraseMember():
            released = release(state.member_id, state.account, AccountReleaseReason.ERASED)
            return (*released, PersonalDataErased(member_id=state.member_id))
        case MarkLostContact():
            return () if state.lost_on is not None else (MemberContactLost(member_id=state.member_id, lost_on=command.lost_on),)
        case RestoreContact():
            restored = MemberContactRestored(member_id=state.member_id, restored_on=command.restored_on)
            return () if state.lost_on is None else (restored,)
        case MergeInto():
            return _merge(command, state)
        case RequestCorrection() | AgreeToCorrection() | DeclineCorrection() | ChangePoliticalStatus() | ApplyRetention():
            return correct(command, state)
        case IssueAccountCode() | ClaimAccount() | TakeOverAccount() | ReleaseAccount():
            return decide_account(command, state.member_id, state.account)
        case EnrolMember():
            return ()


def _change_work_unit(command: ChangeWorkUnit, state: Enrolled) -> tuple[Event, ...]:
    if (command.unit_id, command.occupation_group) == (state.unit_id, state.occupation_group):
        return ()
    return (
        WorkUnitChanged(
            member_id=state.member_id, from_unit_id=state.unit_id, unit_id=command.unit_id, occupation_group=command.occupation_group
        ),
    )


def _update_profile(command: UpdateProfile, state: Enrolled) -> tuple[Event, ...]:
    willingness = command.willingness.declared
    if (command.skills, command.preferences, willingness) == (state.skills, state.preferences, state.willingness):
        return ()
    lists = {"skills": command.skills, "preferences": command.preferences}
    return (MemberProfileUpdated(member_id=state.member_id, **lists, willingness=willingness),)


def _give_consent(command: GiveConsent, state: Enrolled) -> tuple[Event, ...]:
    if state.consents.get(command.purpose) == command.text_version:
        return ()
    return (ConsentGiven(member_id=state.member_id, purpose=command.purpose, text_version=command.text_version),)


def _withdraw_consent(command: WithdrawConsent, state: Enrolled) -> tuple[Event, ...]:
    agreed = state.consents.get(command.purpose)
    if agreed is None:
        return ()
    return (ConsentWithdrawn(member_id=state.member_id, purpose=command.purpose, text_version=agreed),)


def _merge(command: MergeInto, state: Enrolled) -> tuple[Event, ...]:
    if command.into_member_id == state.member_id or not command.into_is_enrolled:
        raise MergeNeedsAnotherMember
    merged = MemberIdentitiesMerged(
        member_id=state.member_id, into_member_id=command.into_member_id, unit_id=state.unit_id, reason=command.reason
    )
    return (*release(state.member_id, state.account, AccountReleaseReason.MERGED), merged)


def evolve(state: Member, event: Event) -> Member:
    """State after one more event; what this aggregate does not know changes nothing."""
    match state, event:
        case Unknown(), MemberEnrolled():
            return Enrolled(
                member_id=event.member_id,
                member_no=event.member_no,
                unit_id=event.unit_id,
                occupation_group=event.occupation_group,
                political_status=event.political_status,
                residence_community_id=event.residence_community_id,
            )
        case Enrolled(), WorkUnitChanged():
            return replace(state, unit_id=event.unit_id, occupation_group=event.occupation_group)
        case Enrolled(), MemberProfileUpdated():
            return replace(state, skills=event.skills, preferences=event.preferences, willingness=event.willingness)
        case Enrolled(), ConsentGiven():
            return replace(state, consents=state.consents | {event.purpose: event.text_version})
        case Enrolled(), ConsentWithdrawn():
            return replace(state, consents={purpose: text for purpose, text in state.consents.items() if purpose is not event.purpose})
        case Enrolled(), MemberContactLost():
            return replace(state, lost_on=event.lost_on)
        case Enrolled(), MemberContactRestored():
            return replace(state, lost_on=None)
        case Enrolled(), MemberIdentitiesMerged():
            return Merged(member_id=event.member_id, into_member_id=event.into_member_id)
        case Enrolled() | Merged(), PersonalDataErased():
            return Erased(member_id=event.member_id)
        case Enrolled(), _:
            return replace(corrected(state, event), account=evolve_account(state.account, event))
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Member numbers are unique. Citizen numbers are too, by the vault's blind index: they must not enter an event."""
    match event:
        case MemberEnrolled():
            return (Reserve("member_no", event.member_no, MemberNumberTaken),)
        case MemberIdentitiesMerged():
            # The entry's only places, taken for ever: it is not registered now and never will be.
            who, given_up = str(event.member_id), "merged"
            return (
                Reserve("active_registration", who, DuplicateIsRegistered, holder=given_up),
                Reserve("live_certificate", who, DuplicateIsRegistered, holder=given_up),
            )
        case _:
            return account_reservations(event)


MEMBER: Decider[MemberCommand, Member] = Decider(
    category="member", initial=Unknown(), decide=decide, evolve=evolve, reservations=reservations
)
