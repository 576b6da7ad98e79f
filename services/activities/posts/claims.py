"""What becomes of a claim: taken up, released, fulfilled; and who gets the place that becomes free.

Invariants: never more holders than places; whoever waited longest is promoted first; only living claims move.
"""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Final
from uuid import UUID

from pydantic import Field

from services.activities.posts.applications import claim_ids
from services.activities.posts.state import Claim, KnownPost, Open, Post, PostTerms, TakenUp, Waiting, ended_claims, living_claim
from services.activities.refusals import NobodyConfirmsTheirOwn, ReasonIsTheCommunitys
from services.activities.wording import Reason
from shared.contracts.activities.codes import ReleaseReason
from shared.contracts.activities.posts import PostClaimed, PostClaimWithdrawn, PostFulfilled, PostReleased, PostTakenUp
from shared.contracts.event import Event
from shared.decider import Command, DomainError

NOTICE_DAYS: Final = 7
COMMUNITYS_REASONS: Final = frozenset(
    {ReleaseReason.REGISTRATION_CLOSED, ReleaseReason.POST_CLOSED, ReleaseReason.ABANDONED, ReleaseReason.COMMUNITY_DECISION}
)
# Reasons that nobody can announce a week ahead, or that are not the member's doing.
REASONS_WITHOUT_NOTICE: Final = frozenset(ReleaseReason) - {ReleaseReason.WORKLOAD, ReleaseReason.OTHER, ReleaseReason.ABANDONED}


class ClaimUnknown(DomainError):
    """There is no such claim on this post."""


class StillWaiting(DomainError):
    """The claim is on the waiting list; there is no place to take up yet."""


class QualificationNotChecked(DomainError):
    """The post needs a qualification; it has to be checked before the post is taken up."""


class VettingNotChecked(DomainError):
    """Whoever takes up a post with minors has to be vetted first, as the law asks."""


class ConfirmPostClaim(Command):
    """The community confirms that the member takes up the post."""

    claim_id: UUID
    taken_up_on: date
    confirmed_by: str
    qualification_checked: bool = False
    is_vetted: bool = False


class ReleasePost(Command):
    """A claim ends early. `done_units` are the confirmed duty units so far; `by_member`: the member gives the reason, not the community."""

    claim_id: UUID
    by_member: bool
    reason: ReleaseReason
    note: Reason | None = None
    today: date
    leaves_on: date
    done_units: Annotated[int, Field(ge=0)] = 0


class NotTakenUp(DomainError):
    """The claim has not been taken up yet."""


class TermIsRunning(DomainError):
    """The term of the post is still running; release it instead."""


class CompletePostTerm(Command):
    """The term is over; `done_units` are the confirmed duty units."""

    claim_id: UUID
    ended_on: date
    today: date
    done_units: Annotated[int, Field(ge=0)]


def confirm(command: ConfirmPostClaim, state: KnownPost) -> tuple[Event, ...]:
    """Take up a claimed place."""
    terms, living = state.terms, _living(state, command.claim_id)
    if isinstance(living, TakenUp):
        return ()
    if isinstance(living, Waiting):
        raise StillWaiting
    if command.confirmed_by == str(living.member_id):
        raise NobodyConfirmsTheirOwn
    if terms.qualification and not command.qualification_checked:
        raise QualificationNotChecked
    if terms.is_with_minors and not command.is_vetted:
        raise VettingNotChecked
    ids = claim_ids(terms, living.claim_id, living.member_id)
    return (PostTakenUp(**ids, agreed_units=living.agreed_units, taken_up_on=command.taken_up_on),)


def release(command: ReleasePost, state: KnownPost) -> tuple[Event, ...]:
    """End a claim and promote from the waiting list. The place is free at once, so that a successor can be shown the ropes."""
    if command.claim_id in ended_claims(state):
        return ()
    living = _living(state, command.claim_id)
    if command.by_member and command.reason in COMMUNITYS_REASONS:
        raise ReasonIsTheCommunitys
    claims = state.claims if isinstance(state, Open) else ()
    remaining = tuple(each for each in claims if each is not living)
    return (ended(living, state.terms, command), *promotions(remaining, state.terms))


def ended(living: Claim, terms: PostTerms, command: ReleasePost) -> Event:
    """Event that ends this claim: a withdrawal before take-up, a release after it."""
    ids = claim_ids(terms, living.claim_id, living.member_id)
    if not isinstance(living, TakenUp):
        was_waiting = isinstance(living, Waiting)
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


def _pro_rata(living: TakenUp, terms: PostTerms, leaves_on: date) -> int:
    first = max(living.taken_up_on, terms.term_start)
    days = (terms.term_end - first).days + 1
    if days <= 0:
        return living.agreed_units
    held = min(max((leaves_on - first).days, 0), days)
    return int((Decimal(living.agreed_units * held) / days).quantize(Decimal(1), ROUND_HALF_UP))


def promotions(claims: tuple[Claim, ...], terms: PostTerms) -> tuple[Event, ...]:
    """Places for those who waited longest, as many as are free."""
    waiting = [each for each in claims if isinstance(each, Waiting)]
    free = max(0, terms.capacity - (len(claims) - len(waiting)))
    return tuple(
        PostClaimed(**claim_ids(terms, each.claim_id, each.member_id), agreed_units=each.agreed_units, from_waiting_list=True)
        for each in waiting[:free]
    )


def complete(command: CompletePostTerm, state: KnownPost) -> tuple[Event, ...]:
    """Close the account of a taken-up post at the end of its term."""
    if command.claim_id in ended_claims(state):
        return ()
    terms, living = state.terms, _living(state, command.claim_id)
    if not isinstance(living, TakenUp):
        raise NotTakenUp
    if command.today < terms.term_end:
        raise TermIsRunning(term_end=terms.term_end.isoformat())
    ids = claim_ids(terms, living.claim_id, living.member_id)
    return (PostFulfilled(**ids, done_units=command.done_units, agreed_units=living.agreed_units, ended_on=command.ended_on),)


def _living(state: Post, claim_id: UUID) -> Claim:
    if (living := living_claim(state, claim_id)) is None:
        raise ClaimUnknown
    return living
