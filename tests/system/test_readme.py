"""README and CONTRIBUTING say what to type; this types it. The demo's own figures are held to the programme's published ones."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
BY_COMMUNITY = {"新风": 5, "南园": 23, "公园": 20, "安民": 11, "春光": 13, "钢铁": 1, "东晶": 2}  # AC-01
BY_OCCUPATION = {"区机关": 8, "教师": 37, "公安": 20, "各办事处": 10}  # AC-02


def commands(document: str) -> list[str]:
    """What the shell blocks of a document tell a reader to type."""
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def guangcai(*arguments: str, within: float) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    return subprocess.run([ROOT / "guangcai", *arguments], capture_output=True, text=True, timeout=within, env=environment, check=False)


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


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The first command, with --once, on servers of its own."""
    folder = tmp_path_factory.mktemp("demo")
    ran = guangcai("demo", "--once", "--json", str(folder / "demo.json"), "--var", str(folder / "var"), within=420)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    return json.loads((folder / "demo.json").read_text())


@pytest.mark.timeout(480)
def test_registrants_have_exactly_the_published_margins(told: dict[str, Any]) -> None:
    registrants = told["registrants"]
    assert registrants["total"] == sum(BY_COMMUNITY.values()) == sum(BY_OCCUPATION.values()) == 75
    assert {name[:2]: number for name, number in registrants["by_community"].items()} == BY_COMMUNITY
    assert {name.split(" ")[0]: number for name, number in registrants["by_occupation"].items()} == BY_OCCUPATION


@pytest.mark.timeout(480)
def test_the_example_statement_is_the_first_test_vector_with_every_line_explained(told: dict[str, Any]) -> None:
    statement = told["example_statement"]
    assert [str(statement[name]) for name in ("unit_score", "community_score", "score")] == ["86.36", "84.84", "85.75"]
    for line in statement["lines"]:
        assert line["rule_id"]
        assert line["rule_set_version"]
        assert line["source_event_ids"]
        assert line["text_zh"]
        assert line["text_en"]


@pytest.mark.timeout(480)
def test_the_year_shows_the_main_job(told: dict[str, Any]) -> None:
    assert told["posts"]["established"] > 0
    assert told["posts"]["waitlisted"] > 0
    assert told["posts"]["refused"] > 0
    assert told["activities"]["declined"] > 0
    assert told["activities"]["corrected"] > 0
    assert told["statements"]["published"] == 75
    assert told["statements"]["restated"] > 0
    assert sum(told["statements"]["by_grade"].values()) == 75
    assert all(number > 0 for number in told["notices"].values())


@pytest.mark.timeout(480)
def test_it_proves_itself(told: dict[str, Any]) -> None:
    assert told["rebuild"]["equal"] is True
    assert told["rebuild"]["digest_live"] == told["rebuild"]["digest_rebuilt"]
    for log in told["log"].values():
        assert (log["first"], log["last"]) == (1, log["events"])
