"""A community declares how many members of each category it has.

Invariant: each category of the programme once, and nobody whom the system counts; a later count is never replaced by an earlier one.
"""

from datetime import date

from services.registration.organisations.community import OnlyForCommunities
from services.registration.organisations.state import Established
from services.registration.programmes.programme import IN_SERVICE
from shared.contracts.event import Event
from shared.contracts.registration.codes import OrganisationKind
from shared.contracts.registration.organisations import MemberCategoriesDeclared
from shared.decider import Command, DomainError


class DeclareMemberCategories(Command):
    """Say how many members of each category the community has. `categories` are the programme's, `declared_on` is today."""

    as_of: date
    counts: dict[str, int]
    categories: tuple[str, ...]
    declared_on: date


class InServiceIsCounted(DomainError):
    """In-service members are counted from their registrations and never declared."""


class CategoriesDiffer(DomainError):
    """A declaration gives a number for every category of the programme and for no other: {categories}."""


class CountedInFuture(DomainError):
    """Members are counted on a day that has come."""


class CountedLaterAlready(DomainError):
    """The community has declared its members as of a later day: {as_of}."""


def declare(command: DeclareMemberCategories, state: Established) -> tuple[Event, ...]:
    """The counts of all categories as of a day that has come; they replace earlier ones."""
    if state.kind is not OrganisationKind.COMMUNITY:
        raise OnlyForCommunities
    if IN_SERVICE in command.counts:
        raise InServiceIsCounted
    if differing := set(command.counts) ^ set(command.categories):
        raise CategoriesDiffer(categories=command.categories, differing=sorted(differing))
    if command.as_of > command.declared_on:
        raise CountedInFuture
    if state.declared is not None and state.declared.as_of > command.as_of:
        raise CountedLaterAlready(as_of=state.declared.as_of)
    declared = MemberCategoriesDeclared(community_id=state.organisation_id, as_of=command.as_of, counts=command.counts)
    return () if declared == state.declared else (declared,)
