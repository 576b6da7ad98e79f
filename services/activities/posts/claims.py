"""Claims on a post: a place or the waiting list, taken up, released, fulfilled.

Invariants: never more holders than places; whoever waited longest is promoted first; only living claims move.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import Field

from services.activities import errors
from services.activities.posts.state import Claim, Post, PostPhase, PostTerms, Standing
from services.activities.wording import LIST_LIMIT, Reason
from shared.contracts.activities import (
    ClaimRejection,
    DutySlot,
    PostClaimed,
    PostClaimRejected,
    PostClaimWaitlisted,
    PostClaimWithdrawn,
    PostFulfilled,
    PostReleased,
    PostTakenUp,
    ReleaseReason,
)
from shared.contracts.event import Event
from shared.decider import Command

ACTIVE_POST_LIMIT: Final = 3
NOTICE_DAYS: Final = 7
COMMUNITYS_REASONS: Final = frozenset(
    {ReleaseReason.REGISTRATION_CLOSED, ReleaseReason.POST_CLOSED, ReleaseReason.ABANDONED, ReleaseReason.COMMUNITY_DECISION}
)
# Reasons that nobody can announce a week ahead, or that are not the member's doing.
REASONS_WITHOUT_NOTICE: Final = frozenset(ReleaseReason) - {ReleaseReason.WORKLOAD, ReleaseReason.OTHER, ReleaseReason.ABANDONED}


class HeldPost(Command):
    """Another post that the member holds or waits for, looked up by the caller."""

    post_id: UUID
    term_start: date
    term_end: date
    slots: tuple[DutySlot, ...] = ()


class Applicant(Command):
    """Facts about a member from elsewhere that a claim is decided by."""

    held: tuple[HeldPost, ...] = ()
    skills: tuple[str, ...] = ()
    is_at_limit: bool = False


class ClaimPost(Applicant):
    """A member asks for a place."""

    claim_id: UUID
    member_id: UUID
    today: date
    assisted_consent: Reason | None = None


class ConfirmPostClaim(Command):
    """The community confirms that the member takes up the post."""

    claim_id: UUID
    taken_up_on: date
    confirmed_by: str
    qualification_checked: bool = False
    is_vetted: bool = False


class ReleasePost(Command):
    """A claim ends early. `done_units` are the confirmed duty units so far; `by_member` says whose words the reason is."""

    claim_id: UUID
    by_member: bool
    reason: ReleaseReason
    note: Reason | None = None
    today: date
    leaves_on: date
    done_units: Annotated[int, Field(ge=0)] = 0


class CompletePostTerm(Command):
    """The term is over; `done_units` are the confirmed duty units."""

    claim_id: UUID
    ended_on: date
    today: date
    done_units: Annotated[int, Field(ge=0)]


def claim(command: ClaimPost, state: Post, terms: PostTerms) -> tuple[Event, ...]:
    """Give a place, a position on the waiting list, or a rejection."""
    if state.phase is not PostPhase.OPEN or command.today > terms.term_end:
        raise errors.PostIsNotOpen
    if existing := state.claim_of(command.member_id):
        raise errors.AlreadyClaimed(claim_id=str(existing.claim_id))
    ids = _ids(terms, command.claim_id, command.member_id)
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


def confirm(command: ConfirmPostClaim, state: Post, terms: PostTerms) -> tuple[Event, ...]:
    """Take up a claimed place."""
    living = _living(state, command.claim_id)
    if living.standing is Standing.TAKEN_UP:
        return ()
    if living.standing is Standing.WAITING:
        raise errors.StillWaiting
    if command.confirmed_by == str(living.member_id):
        raise errors.NobodyConfirmsTheirOwn
    if terms.qualification and not command.qualification_checked:
        raise errors.QualificationNotChecked
    if terms.is_with_minors and not command.is_vetted:
        raise errors.VettingNotChecked
    ids = _ids(terms, living.claim_id, living.member_id)
    return (PostTakenUp(**ids, agreed_units=living.agreed_units, taken_up_on=command.taken_up_on),)


def release(command: ReleasePost, state: Post, terms: PostTerms) -> tuple[Event, ...]:
    """End a claim and promote from the waiting list. The place is free at once, so that a successor can be shown the ropes."""
    if command.claim_id in state.ended:
        return ()
    living = _living(state, command.claim_id)
    if command.by_member and command.reason in COMMUNITYS_REASONS:
        raise errors.ReasonIsTheCommunitys
    remaining = tuple(each for each in state.claims if each is not living)
    return (ended(living, terms, command), *promotions(remaining, terms))


def ended(living: Claim, terms: PostTerms, command: ReleasePost) -> Event:
    """Event that ends this claim: a withdrawal before take-up, a release after it."""
    ids = _ids(terms, living.claim_id, living.member_id)
    if living.taken_up_on is None:
        was_waiting = living.standing is Standing.WAITING
        return PostClaimWithdrawn(**ids, was_waiting=was_waiting, reason=command.reason, note=command.note)
    notice_days = max(0, (command.leaves_on - command.today).days)
    with_notice = notice_days >= NOTICE_DAYS or command.reason in REASONS_WITHOUT_NOTICE
    agreed_units = _pro_rata(living, terms, command.leaves_on) if with_notice else living.agreed_units
    return PostReleased(
        **ids,
        reason=command.reason,
        note=command.note,
        released_on=command.leaves_on,
        notice_days=notice_days,
        with_notice=with_notice,
        fulfilled_units=command.done_units,
        agreed_units=agreed_units,
        originally_agreed_units=living.agreed_units,
    )


def _pro_rata(living: Claim, terms: PostTerms, leaves_on: date) -> int:
    first = max(living.taken_up_on or terms.term_start, terms.term_start)
    days = (terms.term_end - first).days + 1
    if days <= 0:
        return living.agreed_units
    held = min(max((leaves_on - first).days, 0), days)
    return int((Decimal(living.agreed_units * held) / days).quantize(Decimal(1), ROUND_HALF_UP))


def promotions(claims: tuple[Claim, ...], terms: PostTerms) -> tuple[Event, ...]:
    """Places for those who waited longest, as many as are free."""
    waiting = [each for each in claims if each.standing is Standing.WAITING]
    free = max(0, terms.capacity - (len(claims) - len(waiting)))
    return tuple(
        PostClaimed(**_ids(terms, each.claim_id, each.member_id), agreed_units=each.agreed_units, from_waiting_list=True)
        for each in waiting[:free]
    )


def complete(command: CompletePostTerm, state: Post, terms: PostTerms) -> tuple[Event, ...]:
    """Close the account of a taken-up post at the end of its term."""
    if command.claim_id in state.ended:
        return ()
    living = _living(state, command.claim_id)
    if living.standing is not Standing.TAKEN_UP:
        raise errors.NotTakenUp
    if command.today < terms.term_end:
        raise errors.TermIsRunning(term_end=terms.term_end.isoformat())
    ids = _ids(terms, living.claim_id, living.member_id)
    return (PostFulfilled(**ids, done_units=command.done_units, agreed_units=living.agreed_units, ended_on=command.ended_on),)


def _living(state: Post, claim_id: UUID) -> Claim:
    if (living := state.claim(claim_id)) is None:
        raise errors.ClaimUnknown
    return living


def _ids(terms: PostTerms, claim_id: UUID, member_id: UUID) -> dict[str, Any]:
    return {"post_id": terms.post_id, "claim_id": claim_id, "member_id": member_id, "community_id": terms.community_id}
