"""The gate over a whole run: what no test has shown fails it by name; a part of the tests is not held to it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shared.contracts.event import Event
from shared.decider import Command
from shared.testing.rules_shown import Shown, missing
from tests.architecture.source_tree import ROOT

SERVICE = '''"""A planted service."""
from typing import ClassVar
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError

class TableLaid(Event):
    """Planted."""
    TYPE: ClassVar[str] = "guangcai.planted.TableLaid"
    VERSION: ClassVar[int] = 1

class TooManyGuests(DomainError):
    """The table seats eight."""

class Lay(Command):
    """Lay the table."""
    guests: int

class Clear(Command):
    """Clear it."""

def decide(command: Lay | Clear, state: None) -> tuple[Event, ...]:
    if isinstance(command, Lay) and command.guests > 8:
        raise TooManyGuests
    return (TableLaid(),) if isinstance(command, Lay) else ()

TABLE = Decider(category="table", initial=None, decide=decide, evolve=lambda state, event: state)
'''
TESTS = '''"""Planted."""
import pytest
from services.table import TABLE, Clear, Lay, TooManyGuests

def test_laid():
    TABLE.decide(Lay(guests=2), None)

def test_too_many():
    with pytest.raises(TooManyGuests):
        TABLE.decide(Lay(guests=9), None)

def test_cleared():
    TABLE.decide(Clear(), None)
'''
CONFIGURATION = '[tool.pytest.ini_options]\ntestpaths = ["tests"]\naddopts = ["-p", "shared.testing.rules_shown"]\n'


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the tests of a small project with one service."""
    for path, content in {
        "services/__init__.py": "",
        "services/table.py": SERVICE,
        "tests/test_table.py": TESTS,
        "tests/never_refused.toml": '"services.table.Clear" = "nothing to refuse"\n',
        "pyproject.toml": CONFIGURATION,
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content)

    def pytest_run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        environment = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PATH": ""}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return pytest_run


def test_a_whole_run_names_what_no_test_has_shown(run: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    shown = run()
    assert shown.returncode == 1
    assert "2 of 2 commands accepted, 1 refused" in shown.stdout
    assert "no test produced shared.contracts.activities.posts.PostClaimed" in shown.stdout, "no test of this project produces our events"
    assert "services.table" not in shown.stdout
    without = TESTS.replace("guests=9", "guests=8").replace("with pytest.raises(TooManyGuests):", "if True:")
    (tmp_path / "tests/test_table.py").write_text(without)
    assert "no test had services.table.Lay refused" in run().stdout
    (tmp_path / "tests/never_refused.toml").write_text('"services.table.Lay" = "wrong"\n')
    (tmp_path / "tests/test_table.py").write_text(TESTS)
    again = run().stdout
    assert "never_refused.toml names services.table.Lay, which a test had refused" in again
    assert "no test had services.table.Clear refused" in again


def test_workers_report_what_they_saw(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    shown = run("-n", "2")
    assert "2 of 2 commands accepted, 1 refused" in shown.stdout
    assert "services.table" not in shown.stdout


@pytest.mark.parametrize("part", [["tests/test_table.py"], ["-k", "laid"], ["--deselect", "tests/test_table.py::test_laid"]], ids=" ".join)
def test_a_part_is_not_held_to_it(run: Callable[..., subprocess.CompletedProcess[str]], part: list[str]) -> None:
    shown = run(*part)
    assert shown.returncode == 0, shown.stdout
    assert "no test" not in shown.stdout


class Planted(Command):
    """A command that no test knows."""


def test_every_lack_has_a_line_of_its_own() -> None:
    name = f"{__name__}.Planted"
    assert missing(Shown(), (), [Planted], {}) == [f"no test had {name} accepted", f"no test had {name} refused"]
    assert missing(Shown(accepted={name}), (), [Planted], {name: "never"}) == []
    assert missing(Shown(accepted={name}), (), [Planted], {name: "never", "gone.Command": "?"}) == [
        "never_refused.toml names gone.Command, which is no command"
    ]
    assert missing(Shown(), [Event], [], {}) == ["no test produced shared.contracts.event.Event"]
