"""Forward-only migrations of one service: the log's, the service's own, and the read schema.

Each file runs once, in its own transaction, in name order; a file that changed after it ran is refused. Runs as the owner role.
"""

import hashlib
import re
from pathlib import Path

import asyncpg

KERNEL = Path(__file__).parent
LOCK = "SELECT pg_advisory_lock(hashtext('guangcai.migrate'), hashtext($1))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('guangcai.migrate'), hashtext($1))"
LEDGER = "CREATE TABLE IF NOT EXISTS schema_migrations (component text, name text, checksum text NOT NULL, PRIMARY KEY (component, name))"
READ_MODEL = "CREATE TABLE IF NOT EXISTS read_model (only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one), checksum text NOT NULL)"
LOCK_TIMEOUT = "5s"


class MigrationRefused(Exception):
    """The schema cannot be migrated automatically; the message says what the operator has to do."""


async def migrate(url: str, service: str, folder: Path) -> list[str]:
    """Bring schemas `<service>` and `<service>_read` up to date; names of the files that ran.

    `url` connects as the owner of both schemas; `folder` is the service's package. Safe to run from several processes at once.
    Raises MigrationRefused when an applied file has changed, or when the read tables changed while the read model holds data.
    """
    connection: asyncpg.Connection = await asyncpg.connect(url)
    try:
        await connection.execute(LOCK, service)
        await connection.execute(f"SET search_path = {service}; SET lock_timeout = '{LOCK_TIMEOUT}'")
        await connection.execute(LEDGER)
        ran: list[str] = []
        for component, path in (("eventlog", KERNEL / "migrations"), (service, folder / "migrations")):
            for file in sorted(path.glob("*.sql")):
                ran += await _run_once(connection, component, file)
        await protect(connection, service, service)
        ran += await _read_schema(connection, service, folder)
        await connection.execute(UNLOCK, service)
        return ran
    finally:
        await connection.close()


async def _run_once(connection: asyncpg.Connection, component: str, file: Path) -> list[str]:
    sql = file.read_text()  # noqa: ASYNC240 - small files, before anything is served
    checksum = hashlib.sha256(sql.encode()).hexdigest()
    applied = await connection.fetchval("SELECT checksum FROM schema_migrations WHERE component = $1 AND name = $2", component, file.name)
    if applied == checksum:
        return []
    if applied is not None:
        message = f"{component}/{file.name} changed after it ran; put it back and write a new file with the next number"
        raise MigrationRefused(message)
    async with connection.transaction():
        await connection.execute(sql)
        await connection.execute("INSERT INTO schema_migrations VALUES ($1, $2, $3)", component, file.name, checksum)
    return [f"{component}/{file.name}"]


async def _read_schema(connection: asyncpg.Connection, service: str, folder: Path) -> list[str]:
    schema = f"{service}_read"
    checksum = hashlib.sha256(read_tables(folder).encode()).hexdigest()
    await connection.execute(f"SET search_path = {schema}")
    await connection.execute(READ_MODEL)
    current = await connection.fetchval("SELECT checksum FROM read_model")
    if current == checksum:
        await protect(connection, schema, service)
        return []
    if current is not None and await _has_rows(connection, schema):
        message = (
            f"the read tables of {service} changed: run `./guangcai rebuild {service}`, which fills new ones from the log and swaps them in"
        )
        raise MigrationRefused(message)
    await empty(connection, schema)
    await create_read_schema(connection, service, schema, folder)
    return [f"{service}/read_tables.sql"]


async def _has_rows(connection: asyncpg.Connection, schema: str) -> bool:
    # Row-level security is forced on the owner too, so ask for the physical size rather than for rows.
    return bool(await connection.fetchval(f"SELECT pg_relation_size('{schema}.checkpoints') > 0"))


async def empty(connection: asyncpg.Connection, schema: str) -> None:
    """Drop every table of `schema`."""
    for row in await connection.fetch("SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'r'", schema):
        await connection.execute(f'DROP TABLE {schema}."{row["relname"]}" CASCADE')


def read_tables(folder: Path) -> str:
    """DDL of a read schema: the kernel's checkpoints, the service's tables, then its features' tables in the order of folder names."""
    files = (KERNEL / "read_schema.sql", *sorted(folder.glob("read_tables.sql")), *sorted(folder.glob("*/read_tables.sql")))
    return "".join(file.read_text() for file in files)


async def create_read_schema(connection: asyncpg.Connection, service: str, schema: str, folder: Path) -> None:
    """Make the read tables of `service` in the existing, empty `schema`, isolated by district."""
    tables = read_tables(folder)
    async with connection.transaction():
        await connection.execute(f"SET LOCAL search_path = {schema}")
        await connection.execute(READ_MODEL)
        await connection.execute(tables)
        await connection.execute("INSERT INTO read_model (checksum) VALUES ($1)", hashlib.sha256(tables.encode()).hexdigest())
        await protect(connection, schema, service)


async def protect(connection: asyncpg.Connection, schema: str, role: str) -> None:
    """Force row-level security on every table of `schema` and grant `role` its rights (protect.sql)."""
    for name in (schema, role):
        if not re.fullmatch(r"[a-z_0-9]+", name):
            message = f"not an identifier of ours: {name!r}"
            raise ValueError(message)
    sql = (KERNEL / "protect.sql").read_text().replace("$SCHEMA", schema).replace("$ROLE", role)
    await connection.execute(sql)
