"""The data directory of the local servers: one stack per directory, guarded by a lock that ends with its process."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.servers.processes import ServerFailed, can_reach, nobody_when_root

LOCK = "lock"


def server_directory(directory: Path) -> Path:
    """`directory` itself, or a substitute under /var/tmp when the servers' account cannot enter it (root in a private home)."""
    if can_reach(directory / "data", nobody_when_root()):
        return directory
    return Path("/var/tmp") / f"guangcai-{hashlib.sha256(str(directory).encode()).hexdigest()[:12]}"  # noqa: S108 - survives a restart, unlike /tmp


@contextmanager
def held(directory: Path, purpose: str) -> Iterator[None]:
    """Lock `directory` for one stack. Raises ServerFailed naming the holder when another stack holds it."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            holder = lock.read().strip() or "another ./guangcai"
            raise ServerFailed(f"{directory} is in use by {holder}. Stop it, or choose another place with --var DIRECTORY.") from None
        lock.seek(0)
        lock.truncate()
        lock.write(f"{purpose} (pid {os.getpid()})\n")
        lock.flush()
        yield


def in_use(directory: Path) -> str | None:
    """Who holds `directory` now, or None."""
    try:
        with (directory / LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return (directory / LOCK).read_text().strip() or str(directory)


def empty(directory: Path) -> None:
    """Delete everything in a data directory and its substitute except the lock, which the caller holds."""
    stand_in = server_directory(directory)
    if stand_in != directory and stand_in.exists():
        shutil.rmtree(stand_in)
    for path in directory.iterdir() if directory.exists() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != LOCK:
            path.unlink()


def remove(directory: Path) -> None:
    """Delete a data directory and everything that belongs to it. The caller makes sure that no stack uses it."""
    empty(directory)
    if directory.exists():
        (directory / LOCK).unlink(missing_ok=True)
        directory.rmdir()


def remove_abandoned(parent: Path, pattern: str) -> None:
    """Delete data directories under `parent` that a killed run left behind, never one that is still held."""
    for directory in sorted(parent.glob(pattern)):
        try:
            with held(directory, "cleaning"):
                remove(directory)
        except ServerFailed:
            continue
