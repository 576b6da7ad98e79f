"""Children end with their parent, however it ends; server ports stay out of the ephemeral range of client ports."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from ops.servers import processes
from ops.servers.processes import Child, ServerFailed, free_port

ROOT = Path(__file__).parents[2]
PARENT = """
import sys, time
from pathlib import Path
from ops.servers import processes
if sys.argv[2] == "unleashed":
    processes._leash = lambda _signal: []
child = processes.Child("sleep", Path(sys.argv[1]))
child.spawn(["sleep", "300"], {"PATH": "/usr/bin:/bin"})
print(child.pid, flush=True)
time.sleep(300)
"""


def child_of_a_killed_parent(log: Path, kind: str) -> int:
    command = [sys.executable, "-c", PARENT, str(log), kind]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        parent.kill()
    return pid


def ends_within(pid: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if processes._is_gone(pid):
            return True
        time.sleep(0.02)
    return False


def test_child_of_a_killed_parent_is_gone(tmp_path):
    assert ends_within(child_of_a_killed_parent(tmp_path / "log", "leashed"), 5)


def test_child_whose_parent_died_before_the_leash_was_on_does_not_start(tmp_path):
    leash = processes._leash("KILL")
    orphan = [*leash[:-1], str(os.getpid() + 1), "touch", str(tmp_path / "started")]  # as if another process had forked it
    assert subprocess.run(orphan, check=False).returncode != 0
    assert not (tmp_path / "started").exists()


def test_without_the_leash_it_would_stay(tmp_path):
    pid = child_of_a_killed_parent(tmp_path / "log", "unleashed")
    try:
        assert not ends_within(pid, 0.5)
    finally:
        os.kill(pid, signal.SIGKILL)


def test_kill_takes_grandchildren_along(tmp_path):
    child = Child("shell", tmp_path / "log")
    child.spawn(["sh", "-c", "sleep 300 & wait"], {"PATH": "/usr/bin:/bin"})
    processes.wait_until(lambda: len(processes.descendants(child.pid)) == 1, 5, "the grandchild")
    grandchild = processes.descendants(child.pid)[0]
    child.kill()
    assert processes._is_gone(grandchild)


def test_a_child_that_ends_while_starting_shows_its_log(tmp_path):
    child = Child("broken", tmp_path / "log")
    child.spawn(["sh", "-c", "echo no such thing; exit 3"], {"PATH": "/usr/bin:/bin"})
    with pytest.raises(ServerFailed, match="no such thing"):
        child.wait_ready(lambda: False, 5)


def test_starting_from_a_pool_thread_is_refused(tmp_path):
    refusals = []

    def start() -> None:
        try:
            Child("sleep", tmp_path / "log").spawn(["sleep", "1"], {"PATH": "/usr/bin:/bin"})
        except ServerFailed as refusal:
            refusals.append(str(refusal))

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in refusals[0]


def test_ports_are_below_the_ephemeral_range():
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    assert all(10_000 <= free_port() < max(first, 12_000) for _ in range(20)) or first < 12_000
