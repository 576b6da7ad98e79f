"""The private servers: no process is left after SIGKILL, data survive a crash, a service's user can use its own queues only."""

import importlib
import os
import subprocess
import sys
import time
from pathlib import Path

import aio_pika
import asyncpg
import pytest
from aiormq.exceptions import ChannelAccessRefused

from ops.servers import ServerFailed, ServerOptions, choice, docker, local_servers
from ops.servers.directory import held, in_use, remove, remove_abandoned, server_directory
from ops.servers.postgres import PrivatePostgres
from ops.servers.processes import wait_until
from ops.stack import run_apart

ROOT = Path(__file__).parents[2]
PARENT = """
import asyncio, sys, time
from pathlib import Path
import asyncpg
from ops.servers import ServerOptions, local_servers

async def remember(url):
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('still here')")

with local_servers(Path(sys.argv[1]), ServerOptions("a test of SIGKILL")) as servers:
    asyncio.run(remember(servers.postgres_admin_url))
    print(servers.credentials.password("postgres"), flush=True)
    time.sleep(300)
"""


def processes_on(directory: Path) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            command, environment = (path / "cmdline").read_bytes(), (path / "environ").read_bytes()
        except OSError:
            continue  # it has ended since
        if str(directory).encode() in command + environment:
            found.append(command.replace(b"\0", b" ").decode(errors="replace"))
    return found


@pytest.mark.skipif("GUANGCAI_POSTGRES_URL" in os.environ, reason="the server is somebody else's")
def test_sigkill_of_the_parent_leaves_no_process_and_loses_no_data():
    directory = ROOT / "var" / f"test-sigkill-{os.getpid()}"
    home = server_directory(directory)
    command = [sys.executable, "-c", PARENT, str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as parent:
        assert parent.stdout
        password = parent.stdout.readline().strip()
        running = processes_on(home)
        assert any("postgres" in line for line in running)
        assert any("beam" in line for line in running)
        parent.kill()
    wait_until(lambda: not processes_on(home), 5, "every process to end")
    assert in_use(directory) is None

    binaries, how = choice.postgres_binaries(print)
    again = PrivatePostgres(binaries, home / "postgres", password, how)
    again.start()
    try:
        for crash in (again.stop, again.kill):
            assert run_apart(kept_word(again.admin_url)) == "still here"
            crash()
            again.start()  # the same port and data
        assert run_apart(kept_word(again.admin_url)) == "still here"
    finally:
        again.stop()
        remove(directory)


async def kept_word(url: str) -> str:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval("SELECT word FROM kept")
    finally:
        await connection.close()


async def test_service_user_declares_its_own_queue_and_not_another_ones(servers, vhost):
    connection = await aio_pika.connect(servers.amqp_url("registration", vhost))
    async with connection:
        channel = await connection.channel()
        await channel.declare_queue("guangcai.registration", durable=True, arguments={"x-queue-type": "quorum"})
        with pytest.raises(ChannelAccessRefused):
            await channel.declare_queue("guangcai.activities", durable=True, arguments={"x-queue-type": "quorum"})


def test_a_directory_serves_one_stack_at_a_time(tmp_path):
    with held(tmp_path, "./guangcai up"):
        assert "./guangcai up" in str(in_use(tmp_path))
        with pytest.raises(ServerFailed, match=r"in use by ./guangcai up \(pid \d+\)"), local_servers(tmp_path, ServerOptions("second")):
            pass
    assert in_use(tmp_path) is None


def test_cleaning_spares_what_is_held(tmp_path):
    abandoned, busy = tmp_path / "test-1", tmp_path / "test-2"
    for directory in (abandoned, busy):
        directory.mkdir()
        (directory / "data").write_text("x")
    with held(busy, "a run"):
        remove_abandoned(tmp_path, "test-*")
        assert not abandoned.exists()
        assert (busy / "data").exists()


def test_data_whose_passwords_are_lost_is_not_touched(tmp_path):
    directory = tmp_path / "var"
    data = server_directory(directory) / "postgres"
    data.mkdir(parents=True)
    try:
        with pytest.raises(ServerFailed, match="reset"), local_servers(directory, ServerOptions("test")):
            pass
        assert data.exists()
    finally:
        remove(directory)


def test_given_urls_come_first_and_are_not_ours_to_kill(tmp_path, monkeypatch):
    monkeypatch.setenv("GUANGCAI_POSTGRES_URL", "postgresql://admin@127.0.0.1:1/postgres")
    monkeypatch.setenv("GUANGCAI_RABBITMQ_URL", "amqp://127.0.0.1:1/")
    wanted = choice.Wanted("password", {}, ("guangcai",), durable=True)
    postgres, rabbitmq = choice.choose(tmp_path, wanted, print)
    assert (postgres.how, rabbitmq.how) == ("given by GUANGCAI_POSTGRES_URL", "given by GUANGCAI_RABBITMQ_URL")
    assert rabbitmq.url("registration") == "amqp://127.0.0.1:1/"
    with pytest.raises(ServerFailed, match="not ours to kill"):
        postgres.kill()


def test_a_silent_docker_engine_is_soon_ignored(monkeypatch, unused_tcp_port_factory):
    monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{unused_tcp_port_factory()}")
    importlib.import_module("docker")  # seconds on a busy machine that compiles it for the first time
    started = time.monotonic()
    assert not docker.engine_answers()
    assert time.monotonic() - started < 3
