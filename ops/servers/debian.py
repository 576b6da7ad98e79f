"""Servers from Debian packages, fetched and verified by apt but only unpacked into a cache: nothing is installed, no root needed.

apt uses its own lists and archives, so the machine's are neither needed nor changed. RabbitMQ takes about ten seconds and 36 MB.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from ops.servers.processes import ServerFailed
from ops.servers.rabbitmq import RabbitFiles
from ops.servers.wheel import alone, cache_directory

ERL = """\
#!/bin/sh
# Debian's own start script names /usr/lib/erlang; this one names where the package was unpacked.
ROOTDIR={erlang}
BINDIR={bindir}
EMU=beam
PROGNAME=erl
export ROOTDIR BINDIR EMU PROGNAME
exec "$BINDIR/erlexec" "$@"
"""
OTHER_WAYS = (
    "Install {package} yourself, start a Docker engine, or give the URL of a running server in {variable} "
    "(请自行安装 {package},或启动 Docker,或用 {variable} 指定已有服务器)."
)


def postgres_binaries(say: Callable[[str], None]) -> tuple[Path, str]:
    """Debian's PostgreSQL, unpacked; its programs find their files by relative paths."""
    root = _unpacked("postgresql", "GUANGCAI_POSTGRES_URL", say)
    return max((root / "usr/lib/postgresql").glob("*/bin")), f"Debian's packages, unpacked in {root}"


def rabbit_files(say: Callable[[str], None]) -> RabbitFiles:
    """Debian's RabbitMQ and Erlang, unpacked, with a start script for Erlang at the new location."""
    root = _unpacked("rabbitmq-server", "GUANGCAI_RABBITMQ_URL", say)
    erlang = root / "usr/lib/erlang"
    bindir = max(erlang.glob("erts-*/bin"))
    start = root / "guangcai/erl"
    if not start.exists():
        start.parent.mkdir(exist_ok=True)
        start.write_text(ERL.format(erlang=erlang, bindir=bindir))
        start.chmod(0o755)
    libraries = sorted(str(path) for path in (root / "usr/lib").glob("*-linux-gnu*"))
    return RabbitFiles(
        server=max((root / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*")) / "sbin/rabbitmq-server",
        epmd=bindir / "epmd",
        how=f"Debian's packages, unpacked in {root}",
        environment={"PATH": f"{start.parent}:/usr/sbin:/usr/bin:/sbin:/bin", "LD_LIBRARY_PATH": ":".join(libraries)},
    )


def _unpacked(package: str, variable: str, say: Callable[[str], None]) -> Path:
    """The root directory with `package` and those of its dependencies that this machine lacks."""
    target = cache_directory() / "debian" / package
    root = target / "root"
    if (target / "complete").exists():
        return root
    other_ways = OTHER_WAYS.format(package=package, variable=variable)
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise ServerFailed(f"found no {package}, and this is no Debian to fetch it for. {other_ways}")
    with alone(target):
        say(f"fetching {package} from Debian into {target}")
        shutil.rmtree(root, ignore_errors=True)
        options = _private_apt(target / "apt")
        _run(["apt-get", *options, "--quiet=2", "update"], other_ways)
        _run(["apt-get", *options, "--quiet=2", "--yes", "--download-only", "--no-install-recommends", "install", package], other_ways)
        for archive in sorted((target / "apt/archives").glob("*.deb")):
            _run(["dpkg", "--extract", str(archive), str(root)], other_ways)
        shutil.rmtree(target / "apt")
        (target / "complete").touch()
    return root


def _private_apt(directory: Path) -> list[str]:
    for path in ("lists/partial", "archives/partial"):
        (directory / path).mkdir(parents=True, exist_ok=True)
    settings = {
        "Dir::State": directory,
        "Dir::State::Lists": directory / "lists",
        "Dir::State::Status": "/var/lib/dpkg/status",  # what is installed already need not be fetched
        "Dir::Cache": directory,
        "Dir::Cache::Archives": directory / "archives",
        "Dir::Log": directory,
        "Debug::NoLocking": "true",  # the lock files belong to root, and none of root's files are changed
        "APT::Sandbox::User": "root",  # otherwise apt as root drops to an account that cannot write here
        "APT::Update::Post-Invoke-Success": "",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
    }
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def _run(command: list[str], other_ways: str) -> None:
    environment = {**os.environ, "LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603 - our own arguments
    except subprocess.TimeoutExpired as late:
        raise ServerFailed(f"`{command[0]}` did not end within ten minutes. {other_ways}") from late
    if run.returncode != 0:
        raise ServerFailed(f"`{command[0]}` could not fetch it: {(run.stderr or run.stdout).strip()[-400:]}\n{other_ways}")
