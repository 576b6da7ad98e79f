"""A service post (公益岗位) from proposal to closure, with its claims and waiting list in one stream.

Invariant: at most `capacity` members hold a place, and a member holds or waits for at most three posts of the district at a time.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, assert_never
from uuid import UUID

from pydantic import Field, field_validator

from services.activities.following import following
from services.activities.modules.module import ModuleIsOff
from services.activities.posts import claims
from services.activities.posts.applications import ACTIVE_POST_LIMIT, ActivePostLimitReached, ClaimPost, PostIsNotOpen, claim
from services.activities.posts.claims import CompletePostTerm, ConfirmPostClaim, ReleasePost
from services.activities.posts.state import INITIAL, Claim, Closed, KnownPost, Open, Post, PostTerms, Proposed, TakenUp, Unproposed, evolve
from services.activities.refusals import AlreadyExists, TermEndsBeforeItStarts
from services.activities.wording import ADULTS_WITH_MINORS, LIST_LIMIT, Line, Prose, Reason, Title
from shared.contracts.activities.codes import DutySlot, ReleaseReason
from shared.contracts.activities.modules import DistrictModule
from shared.contracts.activities.posts import (
    PostAmended,
    PostClaimed,
    PostClaimWaitlisted,
    PostClaimWithdrawn,
    PostClosed,
    PostEstablished,
    PostFulfilled,
    PostProposed,
    PostReleased,
)
from shared.contracts.event import Event
from shared.contracts.service_preference import PostCategory
from shared.decider import Command, Decider, DomainError, Release, Reservation, Reserve

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


class HazardNeedsInsurance(DomainError):
    """A hazardous post can only be established with an insurance."""


class SafeguardingMissing(DomainError):
    """A post with minors needs two places or more, and a word on how the minors are protected."""


class EstablishPost(Command):
    """设岗: open the post for claims."""


class CapacityBelowHolders(DomainError):
    """More members hold a place than the new capacity allows; places are not taken away."""


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
    match command:
        case ProposePost():
            return _propose(command, state)
        case EstablishPost():
            return _establish(_known(state))
        case AmendPost():
            return _amend(command, _known(state))
        case ClosePost():
            return _close(command, _known(state))
        case ClaimPost():
            return claim(command, state)
        case ConfirmPostClaim():
            return claims.confirm(command, _known(state))
        case ReleasePost():
            return claims.release(command, _known(state))
        case CompletePostTerm():
            return claims.complete(command, _known(state))
        case _:
            assert_never(command)


def _known(state: Post) -> KnownPost:
    if isinstance(state, Unproposed):
        raise PostIsNotOpen
    return state


def _propose(command: ProposePost, state: Post) -> tuple[Event, ...]:
    if not isinstance(state, Unproposed):
        raise AlreadyExists
    _check_term(command.term_start, command.term_end)
    if command.is_with_minors and not command.is_minors_module_on:
        raise ModuleIsOff(module=DistrictModule.WORK_WITH_MINORS)
    return (PostProposed.model_validate(command.model_dump()),)


def _establish(state: KnownPost) -> tuple[Event, ...]:
    match state:
        case Open():
            return ()
        case Closed():
            raise PostIsNotOpen
        case Proposed():
            terms = state.terms
        case _:
            assert_never(state)
    if terms.hazards and not terms.insurance:
        raise HazardNeedsInsurance(hazards=list(terms.hazards))
    _check_safeguarding(terms)
    return (PostEstablished.model_validate(terms.model_dump()),)


def _amend(command: AmendPost, state: KnownPost) -> tuple[Event, ...]:
    if isinstance(state, Closed):
        raise PostIsNotOpen
    changed: dict[str, Any] = {**state.terms.model_dump(), **command.model_dump(exclude_none=True)}
    amended = PostAmended.model_validate(changed)
    _check_term(amended.term_start, amended.term_end)
    if isinstance(state, Proposed):
        return (amended,)
    if amended.capacity < len(state.holders):
        raise CapacityBelowHolders(holders=len(state.holders))
    _check_safeguarding(amended)
    return (amended, *claims.promotions(state.claims, amended))


def _close(command: ClosePost, state: KnownPost) -> tuple[Event, ...]:
    if isinstance(state, Closed):
        return ()
    terms = state.terms
    closed = PostClosed(post_id=terms.post_id, community_id=terms.community_id, reason=command.reason)
    living = state.claims if isinstance(state, Open) else ()
    return (closed, *(claims.ended(each, terms, _release_at_closing(each, command)) for each in living))


def _release_at_closing(living: Claim, command: ClosePost) -> ReleasePost:
    return ReleasePost(
        claim_id=living.claim_id,
        by_member=False,
        reason=ReleaseReason.POST_CLOSED,
        today=command.today,
        leaves_on=command.today,
        done_units=command.done_units.get(living.member_id, 0) if isinstance(living, TakenUp) else 0,
    )


def _check_term(starts: date, ends: date) -> None:
    if ends < starts:
        raise TermEndsBeforeItStarts


def _check_safeguarding(terms: PostTerms) -> None:
    if terms.is_with_minors and (terms.capacity < ADULTS_WITH_MINORS or not terms.safeguarding):
        raise SafeguardingMissing


def reservations(event: Event) -> tuple[Reservation, ...]:
    """Count active posts: a claim, waiting or not, takes one of the member's three places until it ends."""
    match event:
        case PostClaimed() | PostClaimWaitlisted():
            limit = ACTIVE_POST_LIMIT
            return (Reserve(ACTIVE_POST, str(event.member_id), ActivePostLimitReached, limit=limit, holder=str(event.claim_id)),)
        case PostReleased() | PostClaimWithdrawn() | PostFulfilled():
            return (Release(ACTIVE_POST, str(event.member_id), holder=str(event.claim_id)),)
        case _:
            return ()


SERVICE_POST: Final = following(Decider(category="post", initial=INITIAL, decide=decide, evolve=evolve, reservations=reservations))
