"""README and CONTRIBUTING say what to type; this types it. What the first command then does is in test_demo.py."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ops import cli

pytestmark = pytest.mark.timeout(120)

ROOT = Path(__file__).parents[2]


def commands(document: str) -> list[str]:
    """What the shell blocks of a document tell a reader to type."""
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
