"""The demo as in README's first command: four service processes, PostgreSQL, RabbitMQ, SMTP. Checks its figures and proofs."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from ops.servers.directory import remove, server_directory

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[2]
# The story has a fixed seed, so every run is equal. tests/registration/registrations/test_registrations_api.py counts all 75 members.
MEMBERS = 12
COMMUNITIES = {"东晶社区": 0, "公园社区": 4, "南园社区": 4, "安民社区": 2, "新风社区": 0, "春光社区": 2, "钢铁社区": 0}
ACTIVITIES = {"confirmed": 77, "declined": 1, "corrected": 5}
GRADES = {"EXCELLENT": 5, "GOOD": 1, "QUALIFIED": 5, "NEEDS_IMPROVEMENT": 1, "NOT_RATED": 0}
STATEMENTS = {"published": MEMBERS, "restated": 2, "by_grade": GRADES}
NOTICES = {
    "ACTIVITY_CONFIRMED": 77,
    "ACTIVITY_CORRECTED": 5,
    "ACTIVITY_DECLINED": 1,
    "ACTIVITY_REMINDER": 81,
    "APPEAL_ACCEPTED": 1,
    "APPEAL_REJECTED": 1,
    "CERTIFICATE_ISSUED": 12,
    "FEEDBACK_REPORT_DRAFTED": 4,
    "FEEDBACK_REPORT_SENT": 4,
    "MEMBER_REPORTED": 13,
    "NEED_OVERDUE": 1,
    "POST_CLAIMED": 11,
    "POST_CLAIM_RECEIVED": 11,
    "POST_CLAIM_REJECTED": 2,
    "POST_CLAIM_WAITLISTED": 2,
    "POST_RELEASED": 1,
    "POST_TAKEN_UP": 10,
    "RECEIPT_ISSUED": 12,
    "RECEIPT_OVERDUE": 1,
    "REGISTRATION_CONFIRMED": 12,
    "REGISTRATION_RECEIVED": 13,
    "REGISTRATION_RETURNED": 1,
    "RENEWAL_DUE": 1,
    "RULE_SET_PUBLISHED": 12,
    "STATEMENT_PUBLISHED": 12,
    "STATEMENT_RESTATED": 2,
    "SUGGESTION_ADOPTED": 4,
    "SUGGESTION_DECLINED": 1,
}


@dataclass(frozen=True)
class Told:
    """A completed run of the demo: exit code, output, JSON file, and directory."""

    code: int
    printed: str
    figures: dict[str, Any]
    var: Path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    directory = tmp_path_factory.mktemp("demo")
    file, var = directory / "demo.json", directory / "var"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [ROOT / "guangcai", "demo", "--once", "--members", str(MEMBERS), "--json", file, "--var", var]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=280, env=environment, check=False)
    assert file.exists(), ran.stdout[-3000:] + ran.stderr[-3000:]
    return Told(ran.returncode, ran.stdout, json.loads(file.read_text()), var)


def running() -> Iterator[str]:
    """The command lines of all processes, from /proc, because a bare machine has no `ps`."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended since
            yield each.read_bytes().replace(b"\0", b" ").decode(errors="replace")


def test_every_proof_holds_and_nothing_is_left_running(told: Told) -> None:
    assert told.code == 0, told.printed[-3000:]
    assert (told.printed.count("✔"), told.printed.count("✘")) == (4, 0)
    assert not [line for line in running() if str(told.var) in line]


def test_the_file_holds_what_the_readme_promises(told: Told) -> None:
    keys = {"registrants", "posts", "activities", "statements", "example_statement", "notices", "log", "rebuild", "seconds"}
    assert set(told.figures) == keys
    assert told.figures["rebuild"]["equal"] is True
    assert told.figures["rebuild"]["digest_live"] == told.figures["rebuild"]["digest_rebuilt"]
    assert told.figures["rebuild"]["events"] > 800
    assert all((each["first"], each["last"]) == (1, each["events"]) for each in told.figures["log"].values())


def test_registrants_have_the_margins_of_both_partitions(told: Told) -> None:
    registrants = told.figures["registrants"]
    assert registrants["total"] == MEMBERS
    assert registrants["by_community"] == COMMUNITIES
    assert registrants["by_occupation"] == {"区机关": 0, "教师": 6, "公安": 4, "各办事处": 2}


def test_occupations_suggest_three_teams_that_cover_everybody(told: Told) -> None:
    assert "6 / 4 / 2" in told.printed


def test_a_bad_row_of_the_roster_comes_back_with_row_column_and_reason(told: Told) -> None:
    assert "13 rows, 12 enrolled, 1 to correct" in told.printed
    [(row, column, reason)] = re.findall(r"│ (\d+) +│ ([A-Z]) .*\n.*│ ([^│]+?) +│\n", told.printed)
    assert (row, column) == ("14", "C")
    assert "Excel stored the citizen number as a number" in reason


def test_the_worked_example_scores_to_the_hundredth(told: Told) -> None:
    statement = told.figures["example_statement"]
    assert (statement["unit_score"], statement["community_score"], statement["score"]) == ("86.36", "84.84", "85.75")
    assert statement["grade"] == "EXCELLENT"
    totals = {each["category"]: Decimal(each["points"]) for each in statement["categories"]}
    for category, points in totals.items():
        assert sum(Decimal(line["points"]) for line in statement["lines"] if line["category"] == category) == points
    assert all(line["source_event_ids"] and line["rule_id"] and line["text_zh"] and line["text_en"] for line in statement["lines"])


def test_every_telling_gives_the_same_figures(told: Told) -> None:
    assert told.figures["posts"] == {"established": 11, "claimed": 11, "waitlisted": 2, "refused": 2}
    assert told.figures["activities"] == ACTIVITIES
    assert told.figures["statements"] == STATEMENTS
    assert told.figures["notices"] == NOTICES


def test_its_logs_are_read_again_and_equal_a_copy(told: Told) -> None:
    home, copy = server_directory(told.var), told.var.with_name("copy")
    if not (home / "postgres" / "data").exists():
        pytest.skip("an engine keeps the data in volumes, which are not copied here")
    pairs = {told.var: copy, home: server_directory(copy)}
    for source, target in pairs.items():
        subprocess.run(["cp", "-a", source, target], check=True)
    try:
        command = [ROOT / "guangcai", "demo", "compare", told.var, copy]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    finally:
        remove(copy)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
    events = sum(each["events"] for each in told.figures["log"].values())
    assert re.search(rf"equal: \d+ streams, {events} events", ran.stdout)


def test_letters_reached_the_mail_server(told: Told) -> None:
    letters = [message_from_bytes(path.read_bytes()) for path in (told.var / "letters").glob("*.eml")]
    assert f"received {len(letters)}" in told.printed
    domains = Counter(str(letter["To"]).rpartition("@")[2].rstrip(">") for letter in letters)
    assert set(domains) == {"members.guangcai.example", "units.guangcai.example", "communities.guangcai.example"}
