"""Reads the event logs in a demo's data directory and decrypts their sealed fields with that directory's keys. Needs PostgreSQL only.

Invariant: decrypted values are never written anywhere.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from ops.credentials import FILE as CREDENTIALS
from ops.demo.run import DISTRICT
from ops.keys import VAULT_FILE
from ops.provision import DATABASE, VAULT, Database
from ops.servers import ServerFailed, ServerOptions, local_servers
from ops.servers.choice import GivenPostgres
from ops.servers.definitions import SERVICES
from ops.stack import run_apart
from services.registration.vault.keys import KeyRing, SealBroken, Vault, load_master_key

Envelope = dict[str, Any]
Logs = Mapping[str, list[Envelope]]  # by service, in the order of the log

SEALED = "_sealed"
ERASED = "(key destroyed)"
SET_DISTRICT = "SELECT set_config('guangcai.district', $1, false)"
READ = "SELECT body FROM {service}.events WHERE district = $1 ORDER BY sequence"


def read_logs(directory: Path, advance: Callable[[], None]) -> Logs:
    """All events of the demo's district. `advance` is called once per service. Raises ServerFailed when `directory` is not a demo's."""
    advice = f"Create one with ./guangcai demo --once --in-order --var {directory}"
    if not directory.is_dir():
        raise ServerFailed(f"there is no directory {directory}. {advice}")
    master_key = directory / "keys" / VAULT_FILE
    if not (directory / CREDENTIALS).exists() or not master_key.exists():
        raise ServerFailed(f"{directory} holds no data of a demo. {advice}")
    with local_servers(directory, ServerOptions("./guangcai demo compare", needs_rabbitmq=False)) as servers:
        if isinstance(servers.postgres, GivenPostgres):
            raise ServerFailed("all demos on the server of GUANGCAI_POSTGRES_URL share one database; unset it for the demos and here")
        database = Database(servers.postgres_admin_url, DATABASE, servers.role_password)
        try:
            logs = run_apart(_read(database, load_master_key(master_key), advance))
        except asyncpg.PostgresError as error:
            raise ServerFailed(f"{directory} holds no complete logs of a demo ({error}). {advice}") from None
    if not any(logs.values()):
        raise ServerFailed(f"the logs in {directory} have no events of {DISTRICT}, the demo's district. {advice}")
    return logs


async def _read(database: Database, master_key: bytes, advance: Callable[[], None]) -> Logs:
    logs: dict[str, list[Envelope]] = {}
    async with Vault().opened(database.url(VAULT), master_key) as vault:
        for service in SERVICES:
            connection: asyncpg.Connection = await asyncpg.connect(database.url(service))
            try:
                await connection.execute(SET_DISTRICT, DISTRICT)
                rows = await connection.fetch(READ.format(service=service), DISTRICT)
            finally:
                await connection.close()
            events: list[Envelope] = [orjson.loads(row["body"]) for row in rows]
            owners = {_sealed_for(event, name)[0] for event in events for name in sealed_fields(event)}
            ring = await vault.key_ring(DISTRICT, owners, numbers=True)
            for event in events:
                open_fields(event, ring)
            logs[service] = events
            advance()
    return logs


def sealed_fields(event: Envelope) -> list[str]:
    """Names of the fields of an event's data that are sealed and not null."""
    return [name for name, value in event["data"].items() if name.endswith(SEALED) and value is not None]


def open_fields(event: Envelope, ring: KeyRing) -> None:
    """Replace sealed values by their plaintext: nonces are random, so equal plaintexts have different ciphertexts."""
    for name in sealed_fields(event):
        owner, field = _sealed_for(event, name)
        try:
            opened = ring.open(owner, field, event["data"][name])
        except SealBroken:
            raise ServerFailed(f"{name} of {event['type']} cannot be decrypted as {field!r}: add this field to ops/demo/logs.py") from None
        event["data"][name] = ERASED if opened is None else opened


def _sealed_for(event: Envelope, name: str) -> tuple[UUID, str]:
    """The owner of the key that a field is sealed with, and the field name used as associated data."""
    data, field = event["data"], name.removesuffix(SEALED)
    match event["type"].split(".")[2]:  # guangcai.{service}.{EventName}.v{n}
        case "OfficeAssigned":
            return UUID(data["office_id"]), "office_name"
        case "StoryDrafted":
            return UUID(data["member_id"]), f"story_{field}"
        case "CorrectionRequested" | "CorrectionAgreed":
            return UUID(data["member_id"]), data["field"].lower()
        case _:
            return UUID(data["member_id"]), field
