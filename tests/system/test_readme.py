"""README and CONTRIBUTING say what to type; this types it."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(360)  # set-up, servers and four services, on however few cores

ROOT = Path(__file__).parents[2]


def commands(document: str) -> list[str]:
    """What the shell blocks of a document tell a reader to type."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def guangcai(*arguments: str, within: float) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run([ROOT / "guangcai", *arguments], capture_output=True, text=True, timeout=within, env=environment, check=False)


def running() -> Iterator[str]:
    """The command lines of every process of this machine; a bare one has no `ps`."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended since
            yield each.read_bytes().replace(b"\0", b" ").decode(errors="replace")


def test_every_documented_command_exists() -> None:
    assert commands("README.md") == ["./guangcai demo", "./guangcai test"]
    for line in commands("README.md") + commands("CONTRIBUTING.md"):
        program, *arguments = line.split()
        assert program == "./guangcai", line
        shown = guangcai(arguments[0], "--help", within=60)
        assert shown.returncode == 0, f"{line}: {shown.stderr}"
        assert "Usage" in shown.stdout


def test_the_second_command_runs_tests() -> None:
    ran = guangcai("test", "-q", "tests/shared/test_texts.py", within=120)
    assert ran.returncode == 0, ran.stdout
    assert " passed" in ran.stdout


def test_the_first_command_tells_the_story_writes_its_figures_and_leaves_nothing_running(tmp_path: Path) -> None:
    figures, var = tmp_path / "demo.json", tmp_path / "var"
    ran = guangcai("demo", "--once", "--members", "12", "--json", str(figures), "--var", str(var), within=300)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    told = json.loads(figures.read_text())
    assert set(told) == {"registrants", "posts", "activities", "statements", "example_statement", "notices", "log", "rebuild", "seconds"}
    assert told["registrants"]["total"] == told["statements"]["published"] == 12
    assert told["rebuild"]["equal"] is True
    assert not [line for line in running() if str(var) in line]
