"""Corrections of the roster: the member says what is wrong, the unit compares with its papers and agrees, or says why not.

Invariant: nothing changes before the unit agreed, and then to exactly what was asked for; both values stay sealed where the field is.
"""

from datetime import date
from typing import assert_never
from uuid import UUID

from pydantic import Field

from services.registration.members.state import Enrolled
from shared.contracts.event import Event
from shared.contracts.registration.changes import (
    CorrectableField,
    CorrectionAgreed,
    CorrectionDeclined,
    CorrectionRequested,
    OccupationGroupChanged,
    PoliticalStatusChanged,
    ResidenceCommunityChanged,
    RetentionApplied,
    RetentionKind,
)
from shared.contracts.registration.codes import OccupationGroup, PoliticalStatus
from shared.decider import Command, DomainError


class RequestCorrection(Command):
    """Say that the roster has a field wrong."""

    field: CorrectableField
    value_sealed: str


class AgreeToCorrection(Command):
    """Agree to what was asked for. A field that others read in the clear comes along as the caller opened it."""

    field: CorrectableField
    political_status: PoliticalStatus | None = None
    occupation_group: OccupationGroup | None = None
    residence_community_id: UUID | None = None


class DeclineCorrection(Command):
    """Keep the field as it is."""

    field: CorrectableField
    reason: str = Field(min_length=1, max_length=200)


class ChangePoliticalStatus(Command):
    """Record that a probationary member became a full one."""

    political_status: PoliticalStatus


class ApplyRetention(Command):
    """Stop keeping what is not needed any longer."""

    kind: RetentionKind
    applied_on: date


CorrectionCommand = RequestCorrection | AgreeToCorrection | DeclineCorrection | ChangePoliticalStatus | ApplyRetention


class CorrectionNotRequested(DomainError):
    """Nobody asked to correct this field of the member."""


class CitizenNumberTaken(DomainError):
    """Another member of the district has this citizen number; two entries of one person are merged by the district."""


class CitizenNumberNotKept(DomainError):
    """The citizen number of this member was given up half a year after the registration ended, so there is nothing to correct."""


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
        case _:
            assert_never(command)


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
