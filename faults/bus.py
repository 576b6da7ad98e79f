"""Faults of the bus (F8, F9, F12): messages lost, duplicated, reordered, replayed; messages that are no events; broker alarms."""

import asyncio
import subprocess
from time import monotonic

import aio_pika
import orjson

from faults.trial import Trial
from faults.world import TOPOLOGY, definition
from ops.servers import ServerFailed
from ops.servers.definitions import SERVICES
from ops.servers.processes import nobody_when_root
from ops.servers.rabbitmq import PrivateRabbit

OVERSIZED = 5_000_000  # bytes
REPLAYED = 60  # events of the first day
FOREVER = 10**9


async def lost_bindings(trial: Trial) -> None:
    """F8: all bindings of the exchange are deleted, as by a careless restore of definitions; the relay must notice."""
    await _unbind(trial, SERVICES, with_history=True)
    await trial.commands(25)
    await _bind(trial)


async def lost_messages(trial: Trial) -> None:
    """F8: for a while no message reaches a service's queue, then messages arrive again: there is a gap."""
    for _ in range(3):
        await _unbind(trial, SERVICES)
        await trial.commands(8, within=1.0)  # shorter than the consumers' poll of the feeds
        await _bind(trial)
        await trial.commands(12)


async def disorderly_messages(trial: Trial) -> None:
    """F8: messages arrive reordered, some are lost, some duplicated; then those of the first day are replayed."""
    await _unbind(trial, SERVICES)
    before = set(trial.ground.stream.bodies)
    await trial.commands(30)
    await trial.ground.stream.read(trial.cluster, set(), within=2)
    late = [bodies[0] for key, bodies in trial.ground.stream.bodies.items() if key not in before]
    replayed = [bodies[0] for bodies in list(trial.ground.stream.bodies.values())[:REPLAYED]]
    kept = [body for body in late if trial.chance.random() > 0.2]
    doubled = trial.chance.sample(kept, len(kept) // 3)
    shuffled = trial.chance.sample([*kept, *doubled], len(kept) + len(doubled))
    for service in SERVICES:
        await _deliver(trial, service, [body for body in shuffled + replayed if _source(body) in definition(service).sources])
    await _bind(trial)


async def strange_messages(trial: Trial) -> None:
    """F9: invalid UTF-8, no envelope, oversized, unknown service: dead-lettered. Ahead of its log or of an unknown district: ignored."""
    some = next(iter(trial.ground.stream.bodies.values()))[0] if trial.ground.stream.bodies else await _any_event(trial)
    event = orjson.loads(some)
    nobodys = orjson.dumps(event | {"source": "/districts/east/accounting"})
    dead = [b"\xff\xfe\x00", b"{}", b"[1, 2", b"x" * OVERSIZED, nobodys, orjson.dumps(event | {"sequence": "many"})]
    ahead = orjson.dumps(event | {"sequence": FOREVER})
    others = [each.name for each in trial.ground.districts if each.name not in event["source"]]
    wrong = [orjson.dumps(event | {"source": f"/districts/{name}/activities"}) for name in others]
    await _deliver(trial, "activities", [*dead, ahead, *wrong, *dead])
    trial.ground.dead_letters += 2 * len(dead)
    await trial.commands(15)
    async with trial.cluster.broker() as channel:
        async with asyncio.timeout(10):
            while (await channel.declare_queue(TOPOLOGY.queue("activities"), passive=True)).declaration_result.message_count:
                await asyncio.sleep(0.2)


async def memory_alarm(trial: Trial) -> None:
    """F12: the broker raises a memory alarm and stops reading from publishers."""
    await _alarm(trial, ("set_vm_memory_high_watermark", "0.00001"), ("set_vm_memory_high_watermark", "absolute", "1GB"))


async def disk_alarm(trial: Trial) -> None:
    """F12: the broker raises a disk alarm."""
    await _alarm(trial, ("set_disk_free_limit", str(10**15)), ("set_disk_free_limit", str(50_000_000)))


async def _alarm(trial: Trial, raise_: tuple[str, ...], clear: tuple[str, ...]) -> None:
    await _control(trial, *raise_)
    began = monotonic()
    await asyncio.sleep(12)  # longer than the relay waits for confirms
    trial.outage("broker", began)
    await _control(trial, *clear)


async def _control(trial: Trial, *command: str) -> None:
    broker = trial.cluster.servers.rabbitmq
    if not isinstance(broker, PrivateRabbit):
        raise ServerFailed("broker alarms need a private RabbitMQ; unset GUANGCAI_RABBITMQ_URL")
    program = broker._files.server.parent / "rabbitmqctl"
    arguments = [program, "-n", "guangcai@localhost", *command]
    run = await asyncio.to_thread(
        subprocess.run, arguments, env=broker._environment(), user=nobody_when_root(), cwd="/", capture_output=True, text=True, timeout=60
    )
    if run.returncode:
        raise ServerFailed(f"rabbitmqctl {command[0]} failed: {run.stdout}{run.stderr}")


async def _any_event(trial: Trial) -> bytes:
    async with trial.cluster.superuser() as connection:
        return await connection.fetchval("SELECT body FROM activities.events LIMIT 1")


def _source(body: bytes) -> str:
    return orjson.loads(body)["source"].rpartition("/")[2]


async def _deliver(trial: Trial, service: str, bodies: list[bytes]) -> None:
    """Publish directly to the queue of a service, bypassing the exchange."""
    async with trial.cluster.broker() as channel:
        for body in bodies:
            await channel.default_exchange.publish(aio_pika.Message(body), TOPOLOGY.queue(service))


async def _unbind(trial: Trial, services: tuple[str, ...], *, with_history: bool = False) -> None:
    async with trial.cluster.broker() as channel:
        for service in services:
            queue = await channel.get_queue(TOPOLOGY.queue(service), ensure=False)
            for source in definition(service).sources:
                await queue.unbind(TOPOLOGY.events, f"{source}.#")
        if with_history:
            await (await channel.get_queue(TOPOLOGY.history, ensure=False)).unbind(TOPOLOGY.events, "#")


async def _bind(trial: Trial) -> None:
    async with trial.cluster.broker() as channel:
        for service in SERVICES:
            queue = await channel.get_queue(TOPOLOGY.queue(service), ensure=False)
            for source in definition(service).sources:
                await queue.bind(TOPOLOGY.events, f"{source}.#")
        await (await channel.get_queue(TOPOLOGY.history, ensure=False)).bind(TOPOLOGY.events, "#")
