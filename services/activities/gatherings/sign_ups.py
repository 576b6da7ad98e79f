"""报名: who comes. Places, the line for them, and going back on a sign-up.

Invariant: never more sign-ups than places, and nobody overtakes on the waiting list.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime

from services.activities.gatherings.state import KnownActivity, People, Plan, people_of, require_published
from services.activities.wording import Reason
from shared.contracts.activities.records import ActivitySignedUp, SignUpWaitlisted, SignUpWithdrawn
from shared.contracts.event import Event
from shared.decider import Command, DomainError


class ActivityIsFull(DomainError):
    """All places of the activity and of its waiting list are taken."""


class SignUpIsOver(DomainError):
    """The activity has begun; signing up and withdrawing are over."""


class SignUp(Command):
    """报名; somebody else may enter it when the member's consent is stated."""

    member_id: UUID
    now: AwareDatetime
    assisted_consent: Reason | None = None


class WithdrawSignUp(Command):
    """The member does not come after all."""

    member_id: UUID
    now: AwareDatetime


def sign_up(command: SignUp, state: KnownActivity) -> tuple[Event, ...]:
    """Take a place in the activity, or the next one in the line for it."""
    state = require_published(state)
    plan, people = state.plan, state.people
    if command.member_id in people.signed_up or command.member_id in people.waiting:
        return ()
    _require_not_begun(plan, command.now)
    ids, consent = member_ids(plan, command.member_id), command.assisted_consent
    if plan.capacity is None or len(people.signed_up) < plan.capacity:
        return (ActivitySignedUp(**ids, assisted_consent=consent),)
    if len(people.waiting) >= plan.waiting_list_limit:
        raise ActivityIsFull(capacity=plan.capacity, waiting_list_limit=plan.waiting_list_limit)
    return (SignUpWaitlisted(**ids, position=len(people.waiting) + 1, assisted_consent=consent),)


def withdraw(command: WithdrawSignUp, state: KnownActivity) -> tuple[Event, ...]:
    """Give the place back, or the one in the line, before the activity begins; later, leave is the way."""
    plan, people = state.plan, people_of(state)
    is_coming = command.member_id in people.signed_up
    if not is_coming and command.member_id not in people.waiting:
        return ()
    _require_not_begun(plan, command.now)
    withdrawn = SignUpWithdrawn(**member_ids(plan, command.member_id))
    return (withdrawn, *moved_up(people, plan, leaving=1)) if is_coming else (withdrawn,)


def moved_up(people: People, plan: Plan, *, leaving: int = 0) -> tuple[Event, ...]:
    """Who is next in line for the places that are free by `plan` once so many have left."""
    line = [each for each in people.waiting if each not in people.signed_up]
    free = len(line) if plan.capacity is None else max(0, plan.capacity - len(people.signed_up) + leaving)
    return tuple(ActivitySignedUp(**member_ids(plan, each), from_waiting_list=True) for each in line[:free])


def _require_not_begun(plan: Plan, now: datetime) -> None:
    if now >= plan.starts_at:
        raise SignUpIsOver


def member_ids(plan: Plan, member_id: UUID) -> dict[str, Any]:
    """Ids that every event about a member at an activity carries."""
    return {"activity_id": plan.activity_id, "member_id": member_id, "community_id": plan.community_id}
