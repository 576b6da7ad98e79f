"""A help pairing (结对帮扶): members who stand by somebody the community knows. The helped have no name here.

Invariants: nobody is paired but by their own act or word; with minors it runs only while at least two helpers take part and those who
have custody consent, and no helper visits alone; whoever helps does not review.
"""

from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from services.activities import errors
from services.activities.following import following
from services.activities.modules.module import ModuleIsOff
from services.activities.pairings.state import INITIAL, NotAHelper, Pairing, PairingIsComplete, PairingIsNotRunning, PairingPhase, evolve
from services.activities.posts.claims import COMMUNITYS_REASONS
from services.activities.wording import ADULTS_WITH_MINORS, Line, Reason
from shared.contracts.activities import (
    DistrictModule,
    HelpPairingEnded,
    HelpPairingJoined,
    HelpPairingLeft,
    HelpPairingOffered,
    HelpPairingPaused,
    HelpPairingReviewed,
    HelpPairingStarted,
    HelpPairingVisited,
    PairingEnd,
    PairingPause,
    PairingProgress,
    ParentalConsentStated,
    RecipientType,
    ReleaseReason,
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
    """How the goal stands, and when to look again."""

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


PairingCommand = OfferPairing | StateParentalConsent | JoinPairing | LeavePairing | NoteVisit | ReviewPairing | EndPairing


def decide(command: PairingCommand, state: Pairing) -> tuple[Event, ...]:
    """Decide one command about a pairing; what it needs is looked at after every change."""
    if isinstance(command, OfferPairing):
        return _offer(command, state)
    if state.offered is None:
        raise errors.WrongStep
    if state.phase is PairingPhase.ENDED:
        if isinstance(command, EndPairing | LeavePairing):
            return ()
        raise PairingIsNotRunning
    offered = state.offered
    events = _decide_known(command, state, offered)
    for event in events:
        state = evolve(state, event)
    return (*events, *_readiness(state))


def _decide_known(command: PairingCommand, state: Pairing, offered: HelpPairingOffered) -> tuple[Event, ...]:
    match command:
        case StateParentalConsent():
            if command.is_given == state.has_consent:
                return ()
            return (ParentalConsentStated(**_ids(offered), is_given=command.is_given, stated_by=command.stated_by),)
        case JoinPairing():
            return _join(command, state, offered)
        case LeavePairing():
            return _leave(command, state, offered)
        case NoteVisit():
            return _visit(command, state, offered)
        case ReviewPairing():
            return _review(command, state, offered)
        case EndPairing():
            return (HelpPairingEnded(**_ids(offered), reason=command.reason, ended_by=command.ended_by),)
        case OfferPairing():
            return ()


def _offer(command: OfferPairing, state: Pairing) -> tuple[Event, ...]:
    if state.offered is not None:
        raise errors.AlreadyExists
    if command.term_end < command.term_start or not command.term_start <= command.review_by <= command.term_end:
        raise errors.TermEndsBeforeItStarts
    is_with_minors = command.is_with_minors or command.recipient_type is RecipientType.CHILDREN
    if is_with_minors and not command.is_minors_module_on:
        raise ModuleIsOff(module=DistrictModule.WORK_WITH_MINORS)
    values: dict[str, Any] = {**command.model_dump(exclude={"is_minors_module_on"}), "is_with_minors": is_with_minors}
    if is_with_minors:
        values["helpers_wanted"] = max(ADULTS_WITH_MINORS, command.helpers_wanted)
    return (HelpPairingOffered.model_validate(values),)


def _join(command: JoinPairing, state: Pairing, offered: HelpPairingOffered) -> tuple[Event, ...]:
    if command.member_id in state.helpers:
        return ()
    if command.today > offered.term_end:
        raise PairingIsNotRunning
    if len(state.helpers) >= offered.helpers_wanted:
        raise PairingIsComplete(helpers_wanted=offered.helpers_wanted)
    return (HelpPairingJoined(**_ids(offered), member_id=command.member_id, assisted_consent=command.assisted_consent),)


def _leave(command: LeavePairing, state: Pairing, offered: HelpPairingOffered) -> tuple[Event, ...]:
    if command.member_id not in state.helpers:
        raise NotAHelper
    if command.by_member and command.reason in COMMUNITYS_REASONS:
        raise errors.ReasonIsTheCommunitys
    return (HelpPairingLeft(**_ids(offered), member_id=command.member_id, reason=command.reason),)


def _visit(command: NoteVisit, state: Pairing, offered: HelpPairingOffered) -> tuple[Event, ...]:
    if state.phase is not PairingPhase.RUNNING:
        raise PairingIsNotRunning
    there = tuple(dict.fromkeys(command.member_ids))
    if strangers := [str(each) for each in there if each not in state.helpers]:
        raise NotAHelper(member_ids=strangers)
    if command.visited_on > command.today:
        raise errors.FutureRecord
    if offered.is_with_minors and len(there) < ADULTS_WITH_MINORS and not command.second_adult:
        raise errors.TwoAdultsNeeded
    noted: dict[str, Any] = {**command.model_dump(exclude={"today"}), "member_ids": there}
    return (HelpPairingVisited(**_ids(offered), **noted),)


def _review(command: ReviewPairing, state: Pairing, offered: HelpPairingOffered) -> tuple[Event, ...]:
    if command.reviewed_by in {str(each) for each in state.helpers}:
        raise errors.NobodyConfirmsTheirOwn
    if not command.today <= command.review_by <= offered.term_end:
        raise errors.TermEndsBeforeItStarts
    return (HelpPairingReviewed(**_ids(offered), **command.model_dump(exclude={"today"})),)


def _readiness(state: Pairing) -> tuple[Event, ...]:
    """Start when everything is there, pause as soon as something is missing."""
    offered = state.offered
    if offered is None or state.phase is PairingPhase.ENDED:
        return ()
    cause = _missing(state, offered)
    if cause is None and state.phase is not PairingPhase.RUNNING:
        return (HelpPairingStarted(**_ids(offered), member_ids=state.helpers),)
    if cause is not None and state.phase is PairingPhase.RUNNING:
        return (HelpPairingPaused(**_ids(offered), cause=cause),)
    return ()


def _missing(state: Pairing, offered: HelpPairingOffered) -> PairingPause | None:
    if offered.is_with_minors and not state.has_consent:
        return PairingPause.NO_PARENTAL_CONSENT
    needed = ADULTS_WITH_MINORS if offered.is_with_minors else 1
    return PairingPause.TOO_FEW_HELPERS if len(state.helpers) < needed else None


def _ids(offered: HelpPairingOffered) -> dict[str, Any]:
    return {"pairing_id": offered.pairing_id, "community_id": offered.community_id}


PAIRING: Final = following(Decider(category="pairing", initial=INITIAL, decide=decide, evolve=evolve), then=_readiness)
