"""State of a post: its terms, and while it is open the living claims in order of arrival, which is the order of the waiting list."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from shared.contracts.activities.codes import ClaimRejection
from shared.contracts.activities.posts import (
    PostAmended,
    PostClaimed,
    PostClaimRejected,
    PostClaimWaitlisted,
    PostClaimWithdrawn,
    PostClosed,
    PostEstablished,
    PostFulfilled,
    PostProposed,
    PostReleased,
    PostTakenUp,
)
from shared.contracts.event import Event

PostTerms = PostProposed | PostEstablished | PostAmended
Ended = Mapping[UUID, UUID]  # claim → member
Rejections = Mapping[UUID, ClaimRejection]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim on the waiting list."""

    claim_id: UUID
    member_id: UUID
    agreed_units: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A claim with a place that the community has not confirmed yet."""

    claim_id: UUID
    member_id: UUID
    agreed_units: int


@dataclass(frozen=True, slots=True)
class TakenUp:
    """A claim that the community has confirmed."""

    claim_id: UUID
    member_id: UUID
    agreed_units: int
    taken_up_on: date


Claim = Waiting | Claimed | TakenUp


@dataclass(frozen=True, slots=True)
class Unproposed:
    """There is no such post."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """In preparation: it takes no claims yet."""

    terms: PostTerms


@dataclass(frozen=True, slots=True)
class Open:
    """Established: it takes claims."""

    terms: PostTerms
    claims: tuple[Claim, ...] = ()
    ended: Ended = field(default_factory=dict[UUID, UUID])
    rejections: Rejections = field(default_factory=dict[UUID, ClaimRejection])

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """The waiting list, first come first."""
        return tuple(claim for claim in self.claims if isinstance(claim, Waiting))

    @property
    def holders(self) -> tuple[Claimed | TakenUp, ...]:
        """Claims that occupy a place."""
        return tuple(claim for claim in self.claims if not isinstance(claim, Waiting))

    def claim_of(self, member_id: UUID) -> Claim | None:
        """Return the living claim of this member."""
        return next((claim for claim in self.claims if claim.member_id == member_id), None)


@dataclass(frozen=True, slots=True)
class Closed:
    """It takes no claims any more, and all of them have ended."""

    terms: PostTerms
    ended: Ended = field(default_factory=dict[UUID, UUID])
    rejections: Rejections = field(default_factory=dict[UUID, ClaimRejection])


KnownPost = Proposed | Open | Closed
Post = Unproposed | KnownPost
INITIAL: Final[Post] = Unproposed()


def living_claim(post: Post, claim_id: UUID) -> Claim | None:
    """Return the claim with this id that has not ended."""
    claims = post.claims if isinstance(post, Open) else ()
    return next((claim for claim in claims if claim.claim_id == claim_id), None)


def ended_claims(post: Post) -> Ended:
    """Claims that had a place or waited for one, with their members."""
    return post.ended if isinstance(post, Open | Closed) else {}


def rejections(post: Post) -> Rejections:
    """Claims that got neither a place nor a position on the waiting list."""
    return post.rejections if isinstance(post, Open | Closed) else {}


def evolve(state: Post, event: Event) -> Post:
    """Fold one event. Never raises."""
    match state, event:
        case _, PostProposed():
            return Proposed(event)
        case Unproposed() | Proposed(), PostEstablished():
            return Open(event)
        case Proposed() | Open(), PostAmended():
            return replace(state, terms=event)
        case Proposed(), PostClosed():
            return Closed(state.terms)
        case Open(), PostClosed():
            return Closed(state.terms, state.ended, state.rejections)
        case Open(), PostClaimWaitlisted():
            return _with(state, Waiting(**_claim(event)))
        case Open(), PostClaimed():
            return _with(state, Claimed(**_claim(event)))
        case Open(), PostTakenUp():
            return _with(state, TakenUp(**_claim(event), taken_up_on=event.taken_up_on))
        case Open(), PostClaimWithdrawn() | PostReleased() | PostFulfilled():
            claims = tuple(claim for claim in state.claims if claim.claim_id != event.claim_id)
            return replace(state, claims=claims, ended={**state.ended, event.claim_id: event.member_id})
        case Closed(), PostClaimWithdrawn() | PostReleased() | PostFulfilled():
            return replace(state, ended={**state.ended, event.claim_id: event.member_id})
        case Open(), PostClaimRejected():
            return replace(state, rejections={**state.rejections, event.claim_id: event.reason})
        case _:
            return state


def _claim(event: PostClaimWaitlisted | PostClaimed | PostTakenUp) -> dict[str, Any]:
    return {"claim_id": event.claim_id, "member_id": event.member_id, "agreed_units": event.agreed_units}


def _with(state: Open, claim: Claim) -> Open:
    """Replace the claim in its place, or add it at the end."""
    if all(each.claim_id != claim.claim_id for each in state.claims):
        return replace(state, claims=(*state.claims, claim))
    return replace(state, claims=tuple(claim if each.claim_id == claim.claim_id else each for each in state.claims))
