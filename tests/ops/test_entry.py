"""The entry script, with stand-ins for Python and uv: its messages when something is missing, and that set-up runs once."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "dirname", "readlink", "cksum", "sed", "cat", "mkdir", "rm", "id", "cp", "chmod", "sleep")

# Creates environments whose python is this stand-in again; -c runs the real interpreter, and ops.cli only prints that it was reached.
PYTHON = f"""#!/bin/sh
case "$1 ${{2:-}} ${{3:-}}" in
    "-c import ensurepip"*) [ -z "${{NO_VENV:-}}" ] ;;
    "-c "*) exec {sys.executable} "$@" ;;
    "--version "*) echo Python 3.11.0 ;;
    "-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python" ;;
    "-m pip --version"*) ;;
    "-m pip install"*) printf '#!/bin/sh\\nsleep 0.3; echo "$@" >>"$SETUPS"\\n' >"${{0%/*}}/uv"; chmod +x "${{0%/*}}/uv" ;;
    "-P -m ops.cli") shift 3; echo "reached: $*" ;;
    *) echo "unexpected: $*"; exit 9 ;;
esac
"""


@pytest.fixture
def place(tmp_path):
    """A copy of the script with the lock file, and a PATH with POSIX utilities only."""
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    (tmp_path / "project").mkdir()
    shutil.copy(ROOT / "guangcai", tmp_path / "project/guangcai")
    shutil.copy(ROOT / "uv.lock", tmp_path / "project/uv.lock")
    return tmp_path


def add_python(place: Path, text: str = PYTHON) -> None:
    (place / "bin/python3").write_text(text)
    (place / "bin/python3").chmod(0o755)


def run(place: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(place / "bin"), "SETUPS": str(place / "setups")} | environment
    command = [str(place / "bin/sh"), str(place / "project/guangcai"), *arguments]
    return subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=False, timeout=30)


def test_without_python_it_says_what_to_install_in_both_languages(place):
    outcome = run(place, "demo")
    assert outcome.returncode == 1
    assert "Python 3.11 or newer was not found" in outcome.stderr
    assert "未找到 Python 3.11" in outcome.stderr
    assert "apt-get install python3 python3-venv" in outcome.stderr


def test_python_that_is_too_old_does_not_count(place):
    add_python(place, "#!/bin/sh\nexit 1\n")
    assert "Python 3.11 or newer was not found" in run(place, "demo").stderr


def test_without_venv_it_names_the_package(place):
    add_python(place)
    outcome = run(place, "demo", NO_VENV="1")
    assert outcome.returncode == 1
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"  # the stand-in asks the interpreter that runs this test
    assert f"apt-get install {package}" in outcome.stderr
    assert f"请安装软件包 {package}" in outcome.stderr


def test_first_run_sets_up_and_the_second_goes_straight_through(place):
    add_python(place)
    first, second = run(place, "up", "--var", "a b"), run(place, "up")
    assert first.stdout == "reached: up --var a b\n", first.stderr
    assert "installing uv" in first.stderr
    assert (second.stdout, second.stderr) == ("reached: up\n", "")
    setups = (place / "setups").read_text().splitlines()
    assert len(setups) == 1
    assert setups[0].startswith(f"sync --project {place / 'project'} --frozen")
    assert setups[0].endswith("--group ops")


def test_testing_needs_more_and_the_environment_then_stays_complete(place):
    add_python(place)
    for command in ("up", "test", "up"):
        run(place, command)
    setups = (place / "setups").read_text().splitlines()
    assert [line.rpartition(" ")[2] for line in setups] == ["ops", "dev"]


def test_a_changed_lock_file_sets_up_again(place):
    add_python(place)
    run(place, "up")
    with (place / "project/uv.lock").open("a") as lock:
        lock.write("# changed\n")
    run(place, "up")
    assert len((place / "setups").read_text().splitlines()) == 2


def test_two_first_runs_at_once_set_up_once(place):
    add_python(place)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: run(place, "up"), range(2)))
    assert [outcome.stdout for outcome in outcomes] == ["reached: up\n"] * 2
    assert len((place / "setups").read_text().splitlines()) == 1


def test_script_is_plain_posix():
    dash = shutil.which("dash")
    if dash is None:
        pytest.skip("no dash here; Debian's /bin/sh is one")
    subprocess.run([dash, "-n", ROOT / "guangcai"], check=True)
    assert os.access(ROOT / "guangcai", os.X_OK)
