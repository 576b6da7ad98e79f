"""A help pairing (结对帮扶): members who stand by somebody the community knows. The helped have no name here.

Invariants: nobody is paired but by their own act or their consent to assisted entry; with minors it runs only while at least two helpers
take part and those who have custody consent, and no helper visits alone; whoever helps does not review.
"""

from datetime import date
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.following import following
from services.activities.modules.module import ModuleIsOff
from services.activities.pairings.readiness import readiness
from services.activities.pairings.state import (
    Ended,
    Living,
    NotAHelper,
    NotOffered,
    Offered,
    Pairing,
    PairingIsComplete,
    PairingIsNotRunning,
    Paused,
    Running,
    evolve,
    ids,
)
from services.activities.posts.claims import COMMUNITYS_REASONS
from services.activities.refusals import (
    AlreadyExists,
    FutureRecord,
    NobodyConfirmsTheirOwn,
    ReasonIsTheCommunitys,
    TermEndsBeforeItStarts,
    TwoAdultsNeeded,
    WrongStep,
)
from services.activities.wording import ADULTS_WITH_MINORS, Line, Reason
from shared.contracts.activities.codes import RecipientType, ReleaseReason
from shared.contracts.activities.modules import DistrictModule
from shared.contracts.activities.pairings import (
    HelpPairingEnded,
    HelpPairingJoined,
    HelpPairingLeft,
    HelpPairingOffered,
    HelpPairingReviewed,
    HelpPairingVisited,
    PairingEnd,
    PairingProgress,
    ParentalConsentStated,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider

MOST_HELPERS: Final = 10


class PairingDraft(Command):
    """What a community states about a new pairing. Children are minors, whatever else is stated."""

    community_id: UUID
    recipient_type: RecipientType
    goal: Reason
    file_no: Line | None = None
    need_id: UUID | None = None
    helpers_wanted: Annotated[int, Field(ge=1, le=MOST_HELPERS)] = 1
    is_with_minors: bool = False
    term_start: date
    term_end: date
    review_by: date


class OfferPairing(PairingDraft):
    """Look for helpers. `is_minors_module_on`: the district allows work with minors."""

    pairing_id: UUID
    is_minors_module_on: bool


class StateParentalConsent(Command):
    """The community holds the written consent, or no longer."""

    is_given: bool
    stated_by: str


class JoinPairing(Command):
    """Take part."""

    member_id: UUID
    today: date
    assisted_consent: Reason | None = None


class LeavePairing(Command):
    """Take part no longer."""

    member_id: UUID
    by_member: bool
    reason: ReleaseReason


class VisitDraft(Command):
    """Who was there on which day."""

    visited_on: date
    member_ids: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=MOST_HELPERS)]
    second_adult: Line | None = None


class NoteVisit(VisitDraft):
    """Note a visit."""

    today: date
    noted_by: str


class ReviewDraft(Command):
    """How close the goal is, and when to look again."""

    progress: PairingProgress
    note: Reason | None = None
    review_by: date


class ReviewPairing(ReviewDraft):
    """Review the pairing."""

    reviewed_by: str
    today: date


class EndPairing(Command):
    """Close the pairing."""

    reason: PairingEnd
    ended_by: str


Change = StateParentalConsent | JoinPairing | LeavePairing | NoteVisit | ReviewPairing | EndPairing
PairingCommand = OfferPairing | Change


def decide(command: PairingCommand, state: Pairing) -> tuple[Event, ...]:
    """Decide one command about a pairing; whether it may run is looked at after every change."""
    if isinstance(command, OfferPairing):
        return _offer(command, state)
    match state:
        case NotOffered():
            raise WrongStep
        case Ended():
            if isinstance(command, EndPairing | LeavePairing):
                return ()
            raise PairingIsNotRunning
        case Offered() | Running() | Paused():
            events = _change(command, state)
            after: Pairing = state
            for event in events:
                after = evolve(after, event)
            return (*events, *readiness(after))
        case _:
            assert_never(state)


def _change(command: Change, state: Living) -> tuple[Event, ...]:
    match command:
        case StateParentalConsent():
            return _consent(command, state)
        case JoinPairing():
            return _join(command, state)
        case LeavePairing():
            return _leave(command, state)
        case NoteVisit():
            return _visit(command, state)
        case ReviewPairing():
            return _review(command, state)
        case EndPairing():
            return (HelpPairingEnded(**ids(state), reason=command.reason, ended_by=command.ended_by),)
        case _:
            assert_never(command)


def _offer(command: OfferPairing, state: Pairing) -> tuple[Event, ...]:
    if not isinstance(state, NotOffered):
        raise AlreadyExists
    if command.term_end < command.term_start or not command.term_start <= command.review_by <= command.term_end:
        raise TermEndsBeforeItStarts
    is_with_minors = command.is_with_minors or command.recipient_type is RecipientType.CHILDREN
    if is_with_minors and not command.is_minors_module_on:
        raise ModuleIsOff(module=DistrictModule.WORK_WITH_MINORS)
    values: dict[str, Any] = {**command.model_dump(exclude={"is_minors_module_on"}), "is_with_minors": is_with_minors}
    if is_with_minors:
        values["helpers_wanted"] = max(ADULTS_WITH_MINORS, command.helpers_wanted)
    return (HelpPairingOffered.model_validate(values),)


def _consent(command: StateParentalConsent, state: Living) -> tuple[Event, ...]:
    if command.is_given == state.has_consent:
        return ()
    return (ParentalConsentStated(**ids(state), is_given=command.is_given, stated_by=command.stated_by),)


def _join(command: JoinPairing, state: Living) -> tuple[Event, ...]:
    if command.member_id in state.helpers:
        return ()
    if command.today > state.offered.term_end:
        raise PairingIsNotRunning
    if len(state.helpers) >= state.offered.helpers_wanted:
        raise PairingIsComplete(helpers_wanted=state.offered.helpers_wanted)
    return (HelpPairingJoined(**ids(state), member_id=command.member_id, assisted_consent=command.assisted_consent),)


def _leave(command: LeavePairing, state: Living) -> tuple[Event, ...]:
    if command.member_id not in state.helpers:
        raise NotAHelper
    if command.by_member and command.reason in COMMUNITYS_REASONS:
        raise ReasonIsTheCommunitys
    return (HelpPairingLeft(**ids(state), member_id=command.member_id, reason=command.reason),)


def _visit(command: NoteVisit, state: Living) -> tuple[Event, ...]:
    if not isinstance(state, Running):
        raise PairingIsNotRunning
    there = tuple(dict.fromkeys(command.member_ids))
    if strangers := [str(each) for each in there if each not in state.helpers]:
        raise NotAHelper(member_ids=strangers)
    if command.visited_on > command.today:
        raise FutureRecord
    if state.offered.is_with_minors and len(there) < ADULTS_WITH_MINORS and not command.second_adult:
        raise TwoAdultsNeeded
    noted: dict[str, Any] = {**command.model_dump(exclude={"today"}), "member_ids": there}
    return (HelpPairingVisited(**ids(state), **noted),)


def _review(command: ReviewPairing, state: Living) -> tuple[Event, ...]:
    if command.reviewed_by in {str(each) for each in state.helpers}:
        raise NobodyConfirmsTheirOwn
    if not command.today <= command.review_by <= state.offered.term_end:
        raise TermEndsBeforeItStarts
    return (HelpPairingReviewed(**ids(state), **command.model_dump(exclude={"today"})),)


PAIRING: Final = following(Decider(category="pairing", initial=NotOffered(), decide=decide, evolve=evolve), then=readiness)
