"""A practical matter (社区实事) that a member gets done within their means.

Invariant: the member proposes and reports, the community approves and confirms; nobody does both.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.activities import errors
from services.activities.following import following
from services.activities.wording import Prose, Reason, Title
from shared.contracts.activities import (
    PracticalMatterApproved,
    PracticalMatterCompleted,
    PracticalMatterDeclined,
    PracticalMatterProposed,
    PracticalMatterReported,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider


class MatterDraft(Command):
    """What the member offers."""

    community_id: UUID
    title: Title
    text: Prose


class ProposeMatter(MatterDraft):
    """Offer to get a matter done."""

    matter_id: UUID
    member_id: UUID


class ApproveMatter(Command):
    """The community wants it."""

    approved_by: str


class DeclineMatter(Command):
    """The community does not want it, or it asks too much of the member."""

    declined_by: str
    reason: Reason


class ReportMatter(Command):
    """The member says that it is done."""

    member_id: UUID
    result: Reason


class CompleteMatter(Command):
    """The community confirms that it is done."""

    confirmed_by: str


MatterCommand = ProposeMatter | ApproveMatter | DeclineMatter | ReportMatter | CompleteMatter


class MatterStatus(StrEnum):
    """Where a matter stands."""

    UNKNOWN = "UNKNOWN"
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    DECLINED = "DECLINED"
    REPORTED = "REPORTED"
    COMPLETED = "COMPLETED"


@dataclass(frozen=True, slots=True)
class Matter:
    """Fold of a matter's stream."""

    status: MatterStatus = MatterStatus.UNKNOWN
    proposed: PracticalMatterProposed | None = None


def decide(command: MatterCommand, state: Matter) -> tuple[Event, ...]:
    """Decide one command about a practical matter."""
    if isinstance(command, ProposeMatter):
        if state.proposed is not None:
            raise errors.AlreadyExists
        return (PracticalMatterProposed.model_validate(command.model_dump()),)
    if state.proposed is None:
        raise errors.WrongStep
    ids = {name: getattr(state.proposed, name) for name in ("matter_id", "member_id", "community_id")}
    member, status = str(state.proposed.member_id), state.status
    match command:
        case ApproveMatter(approved_by=subject):
            _require(status, subject, member, MatterStatus.PROPOSED)
            return (PracticalMatterApproved(**ids, approved_by=subject),)
        case DeclineMatter(declined_by=subject):
            _require(status, subject, member, MatterStatus.PROPOSED, MatterStatus.REPORTED)
            return (PracticalMatterDeclined(**ids, declined_by=subject, reason=command.reason),)
        case ReportMatter():
            if command.member_id != state.proposed.member_id:
                raise errors.WrongStep
            _require(status, "", member, MatterStatus.APPROVED)
            return (PracticalMatterReported(**ids, result=command.result),)
        case CompleteMatter(confirmed_by=subject):
            _require(status, subject, member, MatterStatus.REPORTED)
            return (PracticalMatterCompleted(**ids, confirmed_by=subject),)


def _require(status: MatterStatus, subject: str, member: str, *allowed: MatterStatus) -> None:
    if subject == member:
        raise errors.NobodyConfirmsTheirOwn
    if status not in allowed:
        raise errors.WrongStep(status=status.value)


def evolve(state: Matter, event: Event) -> Matter:
    """Fold one event. Never raises."""
    match event:
        case PracticalMatterProposed():
            return Matter(MatterStatus.PROPOSED, event)
        case PracticalMatterApproved():
            return replace(state, status=MatterStatus.APPROVED)
        case PracticalMatterDeclined():
            return replace(state, status=MatterStatus.DECLINED)
        case PracticalMatterReported():
            return replace(state, status=MatterStatus.REPORTED)
        case PracticalMatterCompleted():
            return replace(state, status=MatterStatus.COMPLETED)
        case _:
            return state


MATTER: Final = following(Decider(category="matter", initial=Matter(), decide=decide, evolve=evolve))
