"""The short selection of the faults harness: invariants hold under faults, and planted defects are found."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]  # a minute alone, more beside other tests

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("faults") / "faults.json"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [ROOT / "guangcai", "faults", "--short", "--json", file]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=400, env=environment, check=False)
    assert file.exists(), ran.stdout[-3000:] + ran.stderr[-3000:]
    return json.loads(file.read_text()) | {"exit": ran.returncode, "said": ran.stdout}


def test_no_promise_is_broken(found: dict[str, Any]) -> None:
    broken = {name: each["violations"] for name, each in found["scenarios"].items() if each["violations"]}
    assert not broken, f"seed {found['seed']}: {broken}"
    assert {name.split()[0] for name in found["scenarios"]} >= {"F1", "F5", "F8"}
    assert all(each["commands"]["acknowledged"] > 20 for each in found["scenarios"].values())
    assert all(each["lost"] == each["duplicated_effects"] == each["order_violations"] == 0 for each in found["scenarios"].values())


def test_the_planted_defect_is_found(found: dict[str, Any]) -> None:
    assert {name: each["found"] for name, each in found["planted"].items()} == {"cursor_before_confirm": True}


def test_the_run_says_its_seed_and_succeeds(found: dict[str, Any]) -> None:
    assert f"seed {found['seed']}" in found["said"]
    assert found["exit"] == 0
