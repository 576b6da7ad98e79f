"""The proofs of the demo: no event is missing or changed, all are published, and the scores follow from the events."""

import asyncio
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aio_pika
import asyncpg
import orjson

from ops.demo.client import Client
from ops.demo.history import History
from services.evaluation.app import SERVICE as EVALUATION
from shared.eventlog.feed import FeedClient
from shared.eventlog.rebuild import Rebuilt, rebuild
from shared.messaging import Topology

LEAVES = "SELECT sequence, leaf_hash FROM {service}.events WHERE district = $1 ORDER BY sequence"
HISTORY_WITHIN = 20.0  # seconds without a new message
PREFETCH = 1000


@dataclass(frozen=True, slots=True)
class Access:
    """Direct access for the proofs, past HTTP: database URL by role, and the bus."""

    database_url: Callable[[str], str]
    amqp_url: str


@dataclass(frozen=True, slots=True)
class Proof:
    """One claim, whether it holds, and what was checked."""

    claim_zh: str
    claim_en: str
    holds: bool
    seen: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """All proofs, and the figures of the rebuild."""

    items: tuple[Proof, ...]
    rebuilt: Rebuilt
    seconds: float

    @property
    def hold(self) -> bool:
        return all(proof.holds for proof in self.items)

    def rebuild_figures(self) -> dict[str, Any]:
        """As the JSON file has them."""
        rebuilt = self.rebuilt
        return {
            "digest_live": rebuilt.digest_live,
            "digest_rebuilt": rebuilt.digest_rebuilt,
            "equal": rebuilt.is_equal,
            "events": rebuilt.events,
            "seconds": round(self.seconds, 2),
        }


async def prove(client: Client, history: History, access: Access) -> Proofs:
    """Check everything; a failed proof is reported, never raised."""
    sequences = _sequences(history, await client.heads())
    leaves = await _leaves(client, history, access)
    published = await _published(history, access)
    started = time.monotonic()
    rebuilt = await _rebuild(client, access)
    seconds = time.monotonic() - started
    equal = Proof(
        "由事件流重建的评价视图与现行视图一致",
        "evaluation rebuilt from the feeds equals the live one",
        rebuilt.is_equal,
        f"{rebuilt.events} events in {seconds:.1f} s, digest {rebuilt.digest_rebuilt[:16]}…",
    )
    return Proofs((equal, leaves, sequences, published), rebuilt, seconds)


def _sequences(history: History, heads: Mapping[str, int]) -> Proof:
    broken = [
        service
        for service, numbers in history.sequences.items()
        if numbers != list(range(1, len(numbers) + 1)) or len(numbers) != heads[service]
    ]
    seen = (
        f"broken in {', '.join(broken)}" if broken else ", ".join(f"{service} 1..{len(own)}" for service, own in history.sequences.items())
    )
    return Proof("每个日志的序号连续为 1..n", "sequences are 1..n in every log", not broken, seen)


async def _leaves(client: Client, history: History, access: Access) -> Proof:
    """Compare the feed's bytes with the leaf hashes in the log, read as the service's role, which cannot write them."""
    wrong: list[str] = []
    for service, bodies in history.bodies.items():
        connection: asyncpg.Connection = await asyncpg.connect(access.database_url(service))
        try:
            async with connection.transaction(readonly=True):
                await connection.execute("SELECT set_config('guangcai.district', $1, true)", client.district)
                rows = await connection.fetch(LEAVES.format(service=service), client.district)
        finally:
            await connection.close()
        expected = [hashlib.sha256(b"\x00" + body).digest() for body in bodies]
        if [row["leaf_hash"] for row in rows] != expected:
            wrong.append(service)
    seen = f"wrong in {', '.join(wrong)}" if wrong else f"{history.events} leaves"
    return Proof("每条事件的字节与存证叶子哈希相符", "every stored body hashes to its leaf", not wrong, seen)


async def _published(history: History, access: Access) -> Proof:
    """Check that every body is in the history stream for other systems, byte for byte."""
    missing = {body for bodies in history.bodies.values() for body in bodies}
    connection = await aio_pika.connect(access.amqp_url)
    try:
        channel = await connection.channel()
        await channel.set_qos(PREFETCH)
        queue = await channel.get_queue(Topology().history, ensure=False)
        news = asyncio.Event()

        async def look(message: aio_pika.abc.AbstractIncomingMessage) -> None:
            missing.discard(message.body)
            await message.ack()
            news.set()

        await queue.consume(look, arguments={"x-stream-offset": "first"})
        while missing:
            news.clear()
            try:
                await asyncio.wait_for(news.wait(), HISTORY_WITHIN)
            except TimeoutError:
                break
    finally:
        await connection.close()
    seen = (
        f"{len(missing)} of {history.events} missing, first {_name(missing)}"
        if missing
        else f"{history.events} events in {Topology().history}"
    )
    return Proof("每条事件都在 RabbitMQ 历史流中", "every event is in the history stream", not missing, seen)


def _name(bodies: set[bytes]) -> str:
    return str(orjson.loads(min(bodies))["type"])


async def _rebuild(client: Client, access: Access) -> Rebuilt:
    source = FeedClient(client.http["evaluation"], client.urls, client.keys.service_token("evaluation"))
    owner_url, service_url = access.database_url("evaluation_owner"), access.database_url("evaluation")
    return await rebuild(EVALUATION.read_model(), source, owner_url=owner_url, service_url=service_url, swap=True)
