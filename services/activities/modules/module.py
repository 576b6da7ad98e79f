"""What a district switches on for itself. Off by default: work with minors and the time bank need somebody who answers for them.

Invariant: a module is on only with all the rules that it asks for, stated for everybody to read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.activities.wording import LIST_LIMIT, Line, Reason
from shared.contracts.activities.modules import DistrictModule, ModuleRule, ModuleSwitchedOff, ModuleSwitchedOn
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.identifiers import named_id

# What has to be declared before a module can be used.
TOPICS: Final[Mapping[DistrictModule, tuple[str, ...]]] = {
    DistrictModule.WORK_WITH_MINORS: ("responsible", "vetting", "consent"),
    DistrictModule.TIME_BANK: ("guarantor", "expiry", "transfer", "exit"),
}


class ModuleIsOff(DomainError):
    """The district has not switched this on."""


class ModuleRulesMissing(DomainError):
    """Everything that the module asks for has to be declared first."""


class ModuleHoldsNoMinutes(DomainError):
    """This module holds no minutes that could expire."""


class RuleDraft(Command):
    """A rule as declared."""

    topic: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")]
    text: Reason


class ModuleDraft(Command):
    """The rules of a module, and the one of them that is a number: without it minutes of the time bank never expire by themselves."""

    rules: Annotated[tuple[RuleDraft, ...], Field(max_length=LIST_LIMIT)]
    minutes_expire_after_months: Annotated[int, Field(ge=1, le=120)] | None = None


class SwitchOn(ModuleDraft):
    """Use the module by these rules."""

    module: DistrictModule
    decided_by: str


class SwitchOff(Command):
    """Do without it."""

    module: DistrictModule
    reason: Line
    decided_by: str


ModuleCommand = SwitchOn | SwitchOff


@dataclass(frozen=True, slots=True)
class Off:
    """Not in use. When minutes expire is as declared last: entries about service of that time may still follow."""

    minutes_expire_after_months: int | None = None


@dataclass(frozen=True, slots=True)
class On:
    """In use, by these rules."""

    rules: tuple[ModuleRule, ...]
    minutes_expire_after_months: int | None


Module = Off | On


def module_id(module: DistrictModule) -> UUID:
    """Stream id; one module, one stream in every district."""
    return named_id(b"module", module.encode())


def decide(command: ModuleCommand, state: Module) -> tuple[Event, ...]:
    """Decide one command about a module."""
    match command:
        case SwitchOn():
            return _switch_on(command, state)
        case SwitchOff():
            return _switch_off(command, state)
        case _:
            assert_never(command)


def _switch_on(command: SwitchOn, state: Module) -> tuple[Event, ...]:
    missing = sorted(set(TOPICS[command.module]) - {each.topic for each in command.rules})
    if missing:
        raise ModuleRulesMissing(topics=missing)
    months = command.minutes_expire_after_months
    if months is not None and command.module is not DistrictModule.TIME_BANK:
        raise ModuleHoldsNoMinutes
    rules = tuple(ModuleRule(topic=each.topic, text=each.text) for each in command.rules)
    if state == On(rules, months):
        return ()
    by = command.decided_by
    return (ModuleSwitchedOn(module=command.module, rules=rules, decided_by=by, minutes_expire_after_months=months),)


def _switch_off(command: SwitchOff, state: Module) -> tuple[Event, ...]:
    if isinstance(state, Off):
        return ()
    return (ModuleSwitchedOff(module=command.module, reason=command.reason, decided_by=command.decided_by),)


def evolve(state: Module, event: Event) -> Module:
    """Fold one event. Never raises."""
    match event:
        case ModuleSwitchedOn():
            return On(event.rules, event.minutes_expire_after_months)
        case ModuleSwitchedOff():
            return Off(state.minutes_expire_after_months)
        case _:
            return state


MODULE: Final = Decider(category="module", initial=Off(), decide=decide, evolve=evolve)
