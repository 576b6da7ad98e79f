"""Pytest plugin: a whole run fails unless some test produced every event, and had every command accepted and refused.

It watches deciders and the handling of commands in the test processes; the workers of a run report to their controller. Commands that
no rule can refuse are named in tests/never_refused.toml with the reason; naming one that was refused fails the run, too.
"""

import functools
import importlib
import pkgutil
import tomllib
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol, cast

import pytest

from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError
from shared.eventlog.commands import Commands

Decide = Callable[[Any, Any], tuple[Event, ...]]
KINDS: Final = ("produced", "accepted", "refused")
SHOWN: Final = pytest.StashKey["Shown"]()
MISSING: Final = pytest.StashKey[list[str]]()
NEVER_REFUSED: Final = "never_refused.toml"


@dataclass(slots=True)
class Shown:
    """What tests have seen so far, as names of classes: events produced, commands accepted and refused."""

    produced: set[str] = field(default_factory=set[str])
    accepted: set[str] = field(default_factory=set[str])
    refused: set[str] = field(default_factory=set[str])
    decides: list[Decide] = field(default_factory=list[Decide])  # of every decider made

    def add(self, other: Mapping[str, Iterable[str]]) -> None:
        """Add what another process saw."""
        for kind in KINDS:
            getattr(self, kind).update(other[kind])

    def as_lists(self) -> dict[str, list[str]]:
        """For the way from a worker to its controller."""
        return {kind: sorted(getattr(self, kind)) for kind in KINDS}

    def watched(self, decide: Decide) -> Decide:
        """The same decision, noted."""
        self.decides.append(decide)

        @functools.wraps(decide)
        def noted(command: Command, state: Any) -> tuple[Event, ...]:
            try:
                events = decide(command, state)
            except DomainError:
                self.refused.add(name_of(type(command)))
                raise
            self.accepted.add(name_of(type(command)))
            self.produced.update(name_of(type(event)) for event in events)
            return events

        return noted


def name_of(cls: type) -> str:
    """The full name of a class, the same in every process."""
    return f"{cls.__module__}.{cls.__qualname__}"


def missing(shown: Shown, events: Iterable[type[Event]], commands: Iterable[type[Command]], never_refused: Mapping[str, str]) -> list[str]:
    """One line per thing that no test has shown, and per exception that is none."""
    known = {name_of(each) for each in commands}
    return [
        *(f"no test produced {name}" for name in sorted({name_of(each) for each in events} - shown.produced)),
        *(f"no test had {name} accepted" for name in sorted(known - shown.accepted)),
        *(f"no test had {name} refused" for name in sorted(known - shown.refused - never_refused.keys())),
        *(f"{NEVER_REFUSED} names {name}, which a test had refused" for name in sorted(never_refused.keys() & shown.refused)),
        *(f"{NEVER_REFUSED} names {name}, which is no command" for name in sorted(never_refused.keys() - known)),
    ]


def commands_of(decides: Iterable[Decide], package: str) -> set[type[Command]]:
    """The commands that decisions of `package` take, by their annotations."""
    hints = [typing.get_type_hints(decide).get("command") for decide in decides if decide.__module__.startswith(package)]
    return {each for hint in hints for each in _members(hint) if each.__module__.startswith(package)}


def _members(hint: Any) -> Iterator[type[Command]]:
    for each in typing.get_args(hint) or (hint,):
        if isinstance(each, type) and issubclass(each, Command):
            yield each
        elif typing.get_args(each):
            yield from _members(each)


def is_whole(config: pytest.Config) -> bool:
    """Whether this run was asked for every test there is."""
    option = config.option
    narrowed = (option.keyword, option.markexpr, option.deselect, option.ignore, option.ignore_glob)
    narrowed += tuple(getattr(option, name, False) for name in ("lf", "stepwise"))
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not any(narrowed) and not option.collectonly


def _load(package: str) -> None:
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        importlib.import_module(module.name)


@pytest.hookimpl
def pytest_configure(config: pytest.Config) -> None:
    """Watch every decider that is made from now on, and refusals by reservations, which come after a decision."""
    shown = config.stash[SHOWN] = Shown()
    make = cast("Callable[..., None]", Decider.__init__)
    handle = Commands.handle

    @functools.wraps(make)
    def watching(self: Decider[Any, Any], *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        object.__setattr__(self, "decide", shown.watched(self.decide))

    @functools.wraps(handle)
    async def noting(self: Commands, decider: Decider[Any, Any], stream_id: Any, command: Command, *args: Any, **kwargs: Any) -> Any:
        try:
            return await handle(self, decider, stream_id, command, *args, **kwargs)
        except DomainError:
            shown.refused.add(name_of(type(command)))
            raise

    Decider.__init__ = watching
    Commands.handle = noting


class _Node(Protocol):
    """A worker that has ended."""

    config: pytest.Config
    workeroutput: Mapping[str, Any]


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: _Node) -> None:
    """Add what a worker saw."""
    output: Mapping[str, Any] = getattr(node, "workeroutput", {})
    if "rules_shown" in output:
        node.config.stash[SHOWN].add(output["rules_shown"])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Report to the controller; the controller of a whole run that passed decides whether something was not shown."""
    shown = session.config.stash[SHOWN]
    output = cast("dict[str, Any] | None", getattr(session.config, "workeroutput", None))
    if output is not None:
        output["rules_shown"] = shown.as_lists()
    elif exitstatus == pytest.ExitCode.OK and is_whole(session.config):
        _load("services")
        stated = session.config.rootpath / "tests" / NEVER_REFUSED
        never_refused = tomllib.loads(stated.read_text(encoding="utf-8")) if stated.exists() else {}
        found = missing(shown, published_events(), commands_of(shown.decides, "services."), {k: str(v) for k, v in never_refused.items()})
        session.config.stash[MISSING] = found
        if found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was shown and what was not."""
    found = config.stash.get(MISSING, None)
    if found is None:
        return
    shown = config.stash[SHOWN]
    events, commands = {name_of(each) for each in published_events()}, {name_of(each) for each in commands_of(shown.decides, "services.")}
    terminalreporter.write_line(
        f"shown by tests: {len(events & shown.produced)} of {len(events)} events produced, "
        f"{len(commands & shown.accepted)} of {len(commands)} commands accepted, {len(commands & shown.refused)} refused"
    )
    for line in found:
        terminalreporter.write_line(f"  {line}", red=True)
