"""A practical matter (社区实事) that a member gets done within their means.

Invariant: the member proposes and reports, the community approves and confirms; nobody does both.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final, assert_never
from uuid import UUID

from services.activities.following import following
from services.activities.refusals import AlreadyExists, NobodyConfirmsTheirOwn, WrongStep
from services.activities.wording import Prose, Reason, Title
from shared.contracts.activities.community import (
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


@dataclass(frozen=True, slots=True)
class NotProposed:
    """There is no matter yet."""


@dataclass(frozen=True, slots=True)
class _Known:
    proposed: PracticalMatterProposed


@dataclass(frozen=True, slots=True)
class Proposed(_Known):
    """Waits for the community's approval."""

    status: ClassVar[str] = "PROPOSED"


@dataclass(frozen=True, slots=True)
class Approved(_Known):
    """The member gets it done."""

    status: ClassVar[str] = "APPROVED"


@dataclass(frozen=True, slots=True)
class Declined(_Known):
    """The community does not want it, or does not call it done."""

    status: ClassVar[str] = "DECLINED"


@dataclass(frozen=True, slots=True)
class Reported(_Known):
    """Done, as the member says; the community has to confirm it."""

    status: ClassVar[str] = "REPORTED"


@dataclass(frozen=True, slots=True)
class Completed(_Known):
    """Done and confirmed."""

    status: ClassVar[str] = "COMPLETED"


Matter = NotProposed | Proposed | Approved | Declined | Reported | Completed


def decide(command: MatterCommand, state: Matter) -> tuple[Event, ...]:
    """Decide one command about a practical matter."""
    match command:
        case ProposeMatter():
            return _propose(command, state)
        case ApproveMatter(approved_by=subject):
            return (PracticalMatterApproved(**_decided(state, subject, Proposed), approved_by=subject),)
        case DeclineMatter(declined_by=subject):
            ids = _decided(state, subject, Proposed, Reported)
            return (PracticalMatterDeclined(**ids, declined_by=subject, reason=command.reason),)
        case ReportMatter():
            return _report(command, state)
        case CompleteMatter(confirmed_by=subject):
            return (PracticalMatterCompleted(**_decided(state, subject, Reported), confirmed_by=subject),)
        case _:
            assert_never(command)


def _propose(command: ProposeMatter, state: Matter) -> tuple[Event, ...]:
    if not isinstance(state, NotProposed):
        raise AlreadyExists
    return (PracticalMatterProposed.model_validate(command.model_dump()),)


def _report(command: ReportMatter, state: Matter) -> tuple[Event, ...]:
    if isinstance(state, NotProposed) or command.member_id != state.proposed.member_id:
        raise WrongStep
    if not isinstance(state, Approved):
        raise WrongStep(status=state.status)
    return (PracticalMatterReported(**_ids(state), result=command.result),)


def _decided(state: Matter, subject: str, *allowed: type[_Known]) -> dict[str, Any]:
    """The ids that every event names. Raises unless somebody else decides, in one of these phases."""
    if isinstance(state, NotProposed):
        raise WrongStep
    if subject == str(state.proposed.member_id):
        raise NobodyConfirmsTheirOwn
    if not isinstance(state, allowed):
        raise WrongStep(status=state.status)
    return _ids(state)


def _ids(state: _Known) -> dict[str, Any]:
    return {name: getattr(state.proposed, name) for name in ("matter_id", "member_id", "community_id")}


def evolve(state: Matter, event: Event) -> Matter:
    """Fold one event. Never raises."""
    match state, event:
        case NotProposed(), PracticalMatterProposed():
            return Proposed(event)
        case NotProposed(), _:
            return state
        case _, PracticalMatterApproved():
            return Approved(state.proposed)
        case _, PracticalMatterDeclined():
            return Declined(state.proposed)
        case _, PracticalMatterReported():
            return Reported(state.proposed)
        case _, PracticalMatterCompleted():
            return Completed(state.proposed)
        case _:
            return state


MATTER: Final = following(Decider(category="matter", initial=NotProposed(), decide=decide, evolve=evolve))
