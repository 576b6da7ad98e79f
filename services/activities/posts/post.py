"""A service post (公益岗位) from proposal to closure, with its claims and waiting list in one stream.

Invariant: at most `capacity` members hold a place, and a member holds or waits for at most three posts of the district at a time.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field, field_validator

from services.activities import errors
from services.activities.following import following
from services.activities.modules.module import ModuleIsOff
from services.activities.posts import claims
from services.activities.posts.claims import ClaimPost, CompletePostTerm, ConfirmPostClaim, ReleasePost
from services.activities.posts.state import INITIAL, Post, PostPhase, PostTerms, Standing, evolve
from services.activities.wording import ADULTS_WITH_MINORS, LIST_LIMIT, Line, Prose, Reason, Title
from shared.contracts.activities import (
    DistrictModule,
    DutySlot,
    PostAmended,
    PostCategory,
    PostClaimed,
    PostClaimWaitlisted,
    PostClaimWithdrawn,
    PostClosed,
    PostEstablished,
    PostFulfilled,
    PostProposed,
    PostReleased,
    ReleaseReason,
)
from shared.contracts.event import Event
from shared.decider import Command, Decider, Release, Reservation, Reserve

MONDAY: Final = 1
SUNDAY: Final = 7
ACTIVE_POST: Final = "active_post"
Capacity = Annotated[int, Field(ge=1, le=500)]
WaitingListLimit = Annotated[int, Field(ge=0, le=100)]
Lines = Annotated[tuple[Line, ...], Field(max_length=LIST_LIMIT)]


class PostDraft(Command):
    """What a community states about a new post."""

    community_id: UUID
    title: Title
    category: PostCategory
    duties: Prose
    place: Line
    capacity: Capacity
    waiting_list_limit: WaitingListLimit = 5
    agreed_units: Annotated[int, Field(ge=1, le=366)]
    term_start: date
    term_end: date
    slots: Annotated[tuple[DutySlot, ...], Field(max_length=LIST_LIMIT)] = ()
    skills: Lines = ()
    hazards: Lines = ()
    qualification: Line | None = None
    insurance: Line | None = None
    need_id: UUID | None = None
    area_id: UUID | None = None
    is_with_minors: bool = False
    safeguarding: Reason | None = None
    is_time_banked: bool = False
    is_vanguard: bool = False

    @field_validator("slots")
    @classmethod
    def _slots_are_times_of_one_day(cls, slots: tuple[DutySlot, ...]) -> tuple[DutySlot, ...]:
        if any(not MONDAY <= slot.weekday <= SUNDAY or slot.starts >= slot.ends for slot in slots):
            message = "a slot has a weekday from 1 (Monday) to 7 and ends after it starts"
            raise ValueError(message)
        return slots


class ProposePost(PostDraft):
    """创岗: prepare a post. `is_minors_module_on`: the district allows work with minors."""

    post_id: UUID
    is_minors_module_on: bool = False


class EstablishPost(Command):
    """设岗: open the post for claims."""


class AmendPost(Command):
    """Change the terms; None leaves a term as it is."""

    reason: Reason
    capacity: Capacity | None = None
    waiting_list_limit: WaitingListLimit | None = None
    term_end: date | None = None
    duties: Prose | None = None
    place: Line | None = None
    insurance: Line | None = None
    safeguarding: Reason | None = None
    is_vanguard: bool | None = None


class ClosePost(Command):
    """End the post; `done_units` are the confirmed duty units by member."""

    reason: Reason
    today: date
    done_units: Mapping[UUID, int] = {}


PostCommand = ProposePost | EstablishPost | AmendPost | ClosePost | ClaimPost | ConfirmPostClaim | ReleasePost | CompletePostTerm


def decide(command: PostCommand, state: Post) -> tuple[Event, ...]:
    """Decide one command about a post."""
    if isinstance(command, ProposePost):
        return _propose(command, state)
    if state.terms is None:
        raise errors.PostIsNotOpen
    return _decide_known(command, state, state.terms)


def _decide_known(command: PostCommand, state: Post, terms: PostTerms) -> tuple[Event, ...]:
    match command:
        case EstablishPost():
            return _establish(state, terms)
        case AmendPost():
            return _amend(command, state, terms)
        case ClosePost():
            return _close(command, state, terms)
        case ClaimPost():
            return claims.claim(command, state, terms)
        case ConfirmPostClaim():
            return claims.confirm(command, state, terms)
        case ReleasePost():
            return claims.release(command, state, terms)
        case CompletePostTerm():
            return claims.complete(command, state, terms)
        case ProposePost():
            return _propose(command, state)


def _propose(command: ProposePost, state: Post) -> tuple[Event, ...]:
    if state.phase is not PostPhase.UNKNOWN:
        raise errors.AlreadyExists
    _check_term(command.term_start, command.term_end)
    if command.is_with_minors and not command.is_minors_module_on:
        raise ModuleIsOff(module=DistrictModule.WORK_WITH_MINORS)
    return (PostProposed.model_validate(command.model_dump()),)


def _establish(state: Post, terms: PostTerms) -> tuple[Event, ...]:
    if state.phase is PostPhase.OPEN:
        return ()
    if state.phase is PostPhase.CLOSED:
        raise errors.PostIsNotOpen
    if terms.hazards and not terms.insurance:
        raise errors.HazardNeedsInsurance(hazards=list(terms.hazards))
    _check_safeguarding(terms)
    return (PostEstablished.model_validate(terms.model_dump()),)


def _amend(command: AmendPost, state: Post, terms: PostTerms) -> tuple[Event, ...]:
    if state.phase is PostPhase.CLOSED:
        raise errors.PostIsNotOpen
    changed: dict[str, Any] = {**terms.model_dump(), **command.model_dump(exclude_none=True)}
    amended = PostAmended.model_validate(changed)
    _check_term(amended.term_start, amended.term_end)
    if amended.capacity < len(state.holders):
        raise errors.CapacityBelowHolders(holders=len(state.holders))
    if state.phase is PostPhase.OPEN:
        _check_safeguarding(amended)
    return (amended, *claims.promotions(state.claims, amended))


def _close(command: ClosePost, state: Post, terms: PostTerms) -> tuple[Event, ...]:
    if state.phase is PostPhase.CLOSED:
        return ()
    endings = tuple(
        claims.ended(
            claim,
            terms,
            ReleasePost(
                claim_id=claim.claim_id,
                by_member=False,
                reason=ReleaseReason.POST_CLOSED,
                today=command.today,
                leaves_on=command.today,
                done_units=command.done_units.get(claim.member_id, 0) if claim.standing is Standing.TAKEN_UP else 0,
            ),
        )
        for claim in state.claims
    )
    return (PostClosed(post_id=terms.post_id, community_id=terms.community_id, reason=command.reason), *endings)


def _check_term(starts: date, ends: date) -> None:
    if ends < starts:
        raise errors.TermEndsBeforeItStarts


def _check_safeguarding(terms: PostTerms) -> None:
    if terms.is_with_minors and (terms.capacity < ADULTS_WITH_MINORS or not terms.safeguarding):
        raise errors.SafeguardingMissing


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Count active posts: a claim, waiting or not, takes one of the member's three places until it ends."""
    match event:
        case PostClaimed() | PostClaimWaitlisted():
            limit = claims.ACTIVE_POST_LIMIT
            return (Reserve(ACTIVE_POST, str(event.member_id), errors.ActivePostLimitReached, limit=limit, holder=str(event.claim_id)),)
        case PostReleased() | PostClaimWithdrawn() | PostFulfilled():
            return (Release(ACTIVE_POST, str(event.member_id), holder=str(event.claim_id)),)
        case _:
            return ()


POST: Final = following(Decider(category="post", initial=INITIAL, decide=decide, evolve=evolve, reservations=reservations))
