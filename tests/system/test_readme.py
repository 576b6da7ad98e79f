"""Executes the commands in README and CONTRIBUTING; test_demo.py checks what the first one does."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import cli
from tests.architecture.source_tree import sources

pytestmark = pytest.mark.timeout(120)

ROOT = Path(__file__).parents[2]
PATH = re.compile(r"`((?:services|shared|tests|docs|ops|bench)/[\w/.-]+)`")
NAME = re.compile(r"`(?:[\w.]*\.)?([A-Z][a-z]+(?:[A-Z][a-z]+)+|[A-Z]{3,}|[a-z]+_[a-z_]+)(?:\(\))?`")


def commands(document: str) -> list[str]:
    """The commands in the shell blocks of a document."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def test_every_documented_command_exists() -> None:
    assert commands("README.md") == ["./guangcai demo", "./guangcai test"]
    for line in commands("README.md") + commands("CONTRIBUTING.md"):
        program, command, *_ = line.split()
        assert program == "./guangcai", line
        shown = CliRunner().invoke(cli.app, [command, "--help"])
        assert shown.exit_code == 0, f"{line}: {shown.output}"
        assert "Usage" in shown.output


def test_the_second_command_runs_tests() -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [ROOT / "guangcai", "test", "-q", "tests/shared/test_texts.py"]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)
    assert ran.returncode == 0, ran.stdout
    assert " passed" in ran.stdout


def test_contributing_names_files_and_things_that_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    missing = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    code = "\n".join(each.text for each in sources("services", "shared"))
    missing += [name for name in NAME.findall(text) if not re.search(rf"\b{name}\b", code)]
    assert not missing, f"CONTRIBUTING names what is not there (any more): {missing}"
