"""State of a post: its terms and the claims that are alive, in order of arrival (so the waiting list is the waiting ones in order)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.activities import (
    ClaimRejection,
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


class PostPhase(StrEnum):
    """Where a post stands."""

    UNKNOWN = "UNKNOWN"
    PROPOSED = "PROPOSED"
    OPEN = "OPEN"
    CLOSED = "CLOSED"


class Standing(StrEnum):
    """Where a living claim stands."""

    WAITING = "WAITING"
    CLAIMED = "CLAIMED"
    TAKEN_UP = "TAKEN_UP"


@dataclass(frozen=True, slots=True)
class Claim:
    """One living claim."""

    claim_id: UUID
    member_id: UUID
    standing: Standing
    agreed_units: int
    taken_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """Fold of a post's stream."""

    phase: PostPhase = PostPhase.UNKNOWN
    terms: PostTerms | None = None
    claims: tuple[Claim, ...] = ()
    ended: Mapping[UUID, UUID] = field(default_factory=dict[UUID, UUID])  # claim → member
    rejections: Mapping[UUID, ClaimRejection] = field(default_factory=dict[UUID, ClaimRejection])

    @property
    def waiting(self) -> tuple[Claim, ...]:
        """The waiting list, first come first."""
        return tuple(claim for claim in self.claims if claim.standing is Standing.WAITING)

    @property
    def holders(self) -> tuple[Claim, ...]:
        """Claims that occupy a place."""
        return tuple(claim for claim in self.claims if claim.standing is not Standing.WAITING)

    def claim(self, claim_id: UUID) -> Claim | None:
        """Return the living claim with this id."""
        return next((claim for claim in self.claims if claim.claim_id == claim_id), None)

    def claim_of(self, member_id: UUID) -> Claim | None:
        """Return the living claim of this member."""
        return next((claim for claim in self.claims if claim.member_id == member_id), None)


INITIAL: Final = Post()


def evolve(state: Post, event: Event) -> Post:
    """Fold one event. Never raises."""
    match event:
        case PostProposed():
            return replace(state, phase=PostPhase.PROPOSED, terms=event)
        case PostEstablished():
            return replace(state, phase=PostPhase.OPEN, terms=event)
        case PostAmended():
            return replace(state, terms=event)
        case PostClosed():
            return replace(state, phase=PostPhase.CLOSED)
        case PostClaimWaitlisted():
            return _with(state, Claim(event.claim_id, event.member_id, Standing.WAITING, event.agreed_units))
        case PostClaimed():
            return _with(state, Claim(event.claim_id, event.member_id, Standing.CLAIMED, event.agreed_units))
        case PostTakenUp():
            return _with(state, Claim(event.claim_id, event.member_id, Standing.TAKEN_UP, event.agreed_units, event.taken_up_on))
        case PostClaimWithdrawn() | PostReleased() | PostFulfilled():
            return _without(state, event.claim_id, event.member_id)
        case PostClaimRejected():
            return replace(state, rejections={**state.rejections, event.claim_id: event.reason})
        case _:
            return state


def _with(state: Post, claim: Claim) -> Post:
    if state.claim(claim.claim_id) is None:
        return replace(state, claims=(*state.claims, claim))
    return replace(state, claims=tuple(claim if each.claim_id == claim.claim_id else each for each in state.claims))


def _without(state: Post, claim_id: UUID, member_id: UUID) -> Post:
    claims = tuple(claim for claim in state.claims if claim.claim_id != claim_id)
    return replace(state, claims=claims, ended={**state.ended, claim_id: member_id})
