"""A version of a district's scoring rules: drafted, published with notice, retired. Published rules never change; a new version supersedes.

Nobody is made worse off after the fact: what takes effect without notice must say why and must not lower any member's score.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final, assert_never
from uuid import UUID

from shared.contracts.evaluation.periods import RuleSetDrafted, RuleSetPublished, RuleSetRetired
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError, Reservation, Reserve

LEAST_NOTICE_DAYS: Final = 30


class DraftRuleSet(Command):
    """Write a version down. The definition has been validated by the scoring model."""

    rule_set_id: UUID
    programme: str
    version: int
    title: str
    legal_basis: str
    definition: dict[str, Any]


class VersionTaken(DomainError):
    """The programme already has a rule set with this version number."""


class PublishRuleSet(Command):
    """Make it binding from a day on. `worse_off`: members whose score today it would lower, counted by what-if."""

    rule_set_id: UUID
    today: date
    effective_from: date
    effective_to: date | None = None
    notice_days: int = LEAST_NOTICE_DAYS
    retroactive_reason: str | None = None
    worse_off: int = 0


class RuleSetUnknown(DomainError):
    """There is no such rule set."""


class RuleSetIsPublished(DomainError):
    """A published rule set never changes; draft a new version."""


class RuleSetEndsBeforeItBegins(DomainError):
    """A rule set must be in force for at least a day."""


class RuleSetNeedsNotice(DomainError):
    """Rules must be known at least {notice_days} days before they take effect; this gives {given_days}."""


class RetroactiveDetriment(DomainError):
    """Rules without notice must not lower any member's score; {worse_off} would lose."""


class RetireRuleSet(Command):
    """End it."""

    rule_set_id: UUID
    today: date
    effective_to: date
    reason: str


class RuleSetIsNotPublished(DomainError):
    """Only a published rule set can be retired."""


class RetirementNeedsNotice(DomainError):
    """A rule set cannot end before today or before it begins."""


RuleSetCommand = DraftRuleSet | PublishRuleSet | RetireRuleSet


@dataclass(frozen=True, slots=True)
class Unwritten:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Binds nobody."""

    written: RuleSetDrafted


@dataclass(frozen=True, slots=True)
class Published:
    """Immutable; only its end can still be set, once."""

    effective_from: date


@dataclass(frozen=True, slots=True)
class Retired:
    """Its end is set."""


RuleSetState = Unwritten | Draft | Published | Retired


def decide(command: RuleSetCommand, state: RuleSetState) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case DraftRuleSet():
            return _draft(command, state)
        case PublishRuleSet():
            return _publish(command, state)
        case RetireRuleSet():
            return _retire(command, state)
        case _:
            assert_never(command)


def _draft(command: DraftRuleSet, state: RuleSetState) -> tuple[Event, ...]:
    match state:
        case Unwritten():
            return (RuleSetDrafted(**command.model_dump()),)
        case Draft():
            return ()
        case Published() | Retired():
            raise RuleSetIsPublished
        case _:
            assert_never(state)


def _publish(command: PublishRuleSet, state: RuleSetState) -> tuple[Event, ...]:
    match state:
        case Unwritten():
            raise RuleSetUnknown
        case Draft(written):
            return _published(command, written)
        case Published() | Retired():
            raise RuleSetIsPublished
        case _:
            assert_never(state)


def _published(command: PublishRuleSet, draft: RuleSetDrafted) -> tuple[Event, ...]:
    if command.effective_to is not None and command.effective_to < command.effective_from:
        raise RuleSetEndsBeforeItBegins
    notice = (command.effective_from - command.today).days
    if notice < max(LEAST_NOTICE_DAYS, command.notice_days):
        if not command.retroactive_reason:
            raise RuleSetNeedsNotice(notice_days=max(LEAST_NOTICE_DAYS, command.notice_days), given_days=notice)
        if command.worse_off:
            raise RetroactiveDetriment(worse_off=command.worse_off)
    return (
        RuleSetPublished(
            **draft.model_dump(),
            published_on=command.today,
            effective_from=command.effective_from,
            effective_to=command.effective_to,
            notice_days=command.notice_days,
            retroactive_reason=command.retroactive_reason,
        ),
    )


def _retire(command: RetireRuleSet, state: RuleSetState) -> tuple[Event, ...]:
    match state:
        case Unwritten():
            raise RuleSetUnknown
        case Draft():
            raise RuleSetIsNotPublished
        case Published(effective_from):
            if command.effective_to < max(command.today, effective_from):
                raise RetirementNeedsNotice
            return (RuleSetRetired(rule_set_id=command.rule_set_id, effective_to=command.effective_to, reason=command.reason),)
        case Retired():
            return ()
        case _:
            assert_never(state)


def evolve(state: RuleSetState, event: Event) -> RuleSetState:
    """Fold one event."""
    match event, state:
        case RuleSetDrafted(), _:
            return Draft(event)
        case RuleSetPublished(), _:
            return Published(event.effective_from)
        case RuleSetRetired(), Published():
            return Retired()
        case _:
            return state


def reservations(event: Event) -> tuple[Reservation, ...]:
    """A version number is used once per programme."""
    match event:
        case RuleSetDrafted():
            return (Reserve("rule set version", f"{event.programme}/{event.version}", VersionTaken),)
        case _:
            return ()


RULE_SET: Final[Decider[RuleSetCommand, RuleSetState]] = Decider("rule-set", Unwritten(), decide, evolve, reservations)
