"""Corrections of the roster: the member says what is wrong, the unit compares with its papers and agrees, or says why not.

Invariant: nothing changes before the unit agreed, and then to exactly what was asked for; both values stay sealed where the field is.
"""

from dataclasses import replace

from services.registration.members.state import (
    AgreeToCorrection,
    ApplyRetention,
    ChangePoliticalStatus,
    CorrectionNotRequested,
    DeclineCorrection,
    Enrolled,
    RequestCorrection,
)
from shared.contracts.event import Event
from shared.contracts.registration_changes import (
    CorrectionAgreed,
    CorrectionDeclined,
    CorrectionRequested,
    OccupationGroupChanged,
    PoliticalStatusChanged,
    ResidenceCommunityChanged,
    RetentionApplied,
)

CorrectionCommand = RequestCorrection | AgreeToCorrection | DeclineCorrection | ChangePoliticalStatus | ApplyRetention


def correct(command: CorrectionCommand, state: Enrolled) -> tuple[Event, ...]:
    """Events that follow from a command about what the roster says."""
    match command:
        case RequestCorrection():
            requested = CorrectionRequested(member_id=state.member_id, field=command.field, value_sealed=command.value_sealed)
            return (requested,)
        case AgreeToCorrection():
            return _agree(command, state)
        case DeclineCorrection():
            if command.field not in state.wanted:
                raise CorrectionNotRequested
            return (CorrectionDeclined(member_id=state.member_id, field=command.field, reason=command.reason),)
        case ChangePoliticalStatus():
            changed = PoliticalStatusChanged(member_id=state.member_id, political_status=command.political_status)
            return () if command.political_status is state.political_status else (changed,)
        case ApplyRetention():
            applied = RetentionApplied(member_id=state.member_id, kind=command.kind, applied_on=command.applied_on)
            return () if command.kind in state.retained else (applied,)


def _agree(command: AgreeToCorrection, state: Enrolled) -> tuple[Event, ...]:
    if command.field not in state.wanted:
        raise CorrectionNotRequested
    who = state.member_id
    agreed = CorrectionAgreed(member_id=who, field=command.field)
    if command.political_status is not None:
        return (agreed, PoliticalStatusChanged(member_id=who, political_status=command.political_status))
    if command.occupation_group is not None:
        return (agreed, OccupationGroupChanged(member_id=who, occupation_group=command.occupation_group))
    if command.residence_community_id is not None:
        return (agreed, ResidenceCommunityChanged(member_id=who, residence_community_id=command.residence_community_id))
    return (agreed.model_copy(update={"value_sealed": state.wanted[command.field]}),)


def corrected(state: Enrolled, event: Event) -> Enrolled:
    """The member after one more event about what the roster says; others change nothing."""
    match event:
        case CorrectionRequested():
            return replace(state, wanted=state.wanted | {event.field: event.value_sealed})
        case CorrectionAgreed() | CorrectionDeclined():
            return replace(state, wanted={field: value for field, value in state.wanted.items() if field is not event.field})
        case PoliticalStatusChanged():
            return replace(state, political_status=event.political_status)
        case OccupationGroupChanged():
            return replace(state, occupation_group=event.occupation_group)
        case ResidenceCommunityChanged():
            return replace(state, residence_community_id=event.residence_community_id)
        case RetentionApplied():
            return replace(state, retained=state.retained | {event.kind})
        case _:
            return state
