"""认岗: a member asks for a place on a post, and gets one, a position on the waiting list, or a rejection.

Invariant: while somebody waits, nobody overtakes.
"""

from datetime import date
from typing import Any, Final
from uuid import UUID

from services.activities.posts.state import Open, Post, PostTerms
from services.activities.wording import LIST_LIMIT, Reason
from shared.contracts.activities.codes import ClaimRejection, DutySlot
from shared.contracts.activities.posts import PostClaimed, PostClaimRejected, PostClaimWaitlisted
from shared.contracts.event import Event
from shared.decider import Command, DomainError

ACTIVE_POST_LIMIT: Final = 3


class PostIsNotOpen(DomainError):
    """The post takes no claims now: it is not established yet, closed, or its term is over."""


class AlreadyClaimed(DomainError):
    """This member already holds, or waits for, a place on this post."""


class ActivePostLimitReached(DomainError):
    """A member holds or waits for at most three posts at a time."""


class HeldPost(Command):
    """Another post that the member holds or waits for, looked up by the caller."""

    post_id: UUID
    term_start: date
    term_end: date
    slots: tuple[DutySlot, ...] = ()


class Applicant(Command):
    """What a claim is decided by and the post does not know about the member."""

    held: tuple[HeldPost, ...] = ()
    skills: tuple[str, ...] = ()
    is_at_limit: bool = False


class ClaimPost(Applicant):
    """A member asks for a place."""

    claim_id: UUID
    member_id: UUID
    today: date
    assisted_consent: Reason | None = None


def claim(command: ClaimPost, state: Post) -> tuple[Event, ...]:
    """Give a place, a position on the waiting list, or a rejection."""
    if not isinstance(state, Open) or command.today > state.terms.term_end:
        raise PostIsNotOpen
    if existing := state.claim_of(command.member_id):
        raise AlreadyClaimed(claim_id=str(existing.claim_id))
    terms = state.terms
    ids = claim_ids(terms, command.claim_id, command.member_id)
    holders, waiting = len(state.holders), len(state.waiting)
    if reason := rejection(command, terms, holders, waiting):
        return (PostClaimRejected(**ids, reason=reason),)
    units, consent = terms.agreed_units, command.assisted_consent
    if is_place_free(terms, holders, waiting):
        return (PostClaimed(**ids, agreed_units=units, assisted_consent=consent),)
    return (PostClaimWaitlisted(**ids, agreed_units=units, assisted_consent=consent, position=waiting + 1),)


def is_place_free(terms: PostTerms, holders: int, waiting: int) -> bool:
    """While somebody waits, nobody overtakes, even if a place is free."""
    return not waiting and holders < terms.capacity


def rejection(applicant: Applicant, terms: PostTerms, holders: int, waiting: int) -> ClaimRejection | None:
    """Why a claim on a post with so many holders and waiting would be turned away."""
    elsewhere = [held for held in applicant.held if held.post_id != terms.post_id]
    if terms.qualification and terms.qualification not in applicant.skills:
        return ClaimRejection.QUALIFICATION
    if applicant.is_at_limit or len(elsewhere) >= ACTIVE_POST_LIMIT:
        return ClaimRejection.ACTIVE_POST_LIMIT
    if any(_collides(terms, held) for held in elsewhere):
        return ClaimRejection.COLLISION
    if not is_place_free(terms, holders, waiting) and waiting >= terms.waiting_list_limit:
        return ClaimRejection.CAPACITY
    return None


def _collides(terms: PostTerms, held: HeldPost) -> bool:
    if held.term_end < terms.term_start or terms.term_end < held.term_start:
        return False
    return any(
        mine.weekday == other.weekday and mine.starts < other.ends and other.starts < mine.ends
        for mine in terms.slots[:LIST_LIMIT]
        for other in held.slots[:LIST_LIMIT]
    )


def claim_ids(terms: PostTerms, claim_id: UUID, member_id: UUID) -> dict[str, Any]:
    """Ids that every event about a claim carries."""
    return {"post_id": terms.post_id, "claim_id": claim_id, "member_id": member_id, "community_id": terms.community_id}
