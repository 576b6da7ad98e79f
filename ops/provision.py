"""One database for all services: each gets a login role that owns nothing, an owner role for migrations, and two schemas.

Idempotent: runs at every start. Invariant: no service role can bypass row-level security or alter a table.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from ops.servers.definitions import SERVICES

DATABASE = "guangcai"
VAULT = "registration_vault"  # keys of personal data: a role and a schema of their own, so that no other role can read them

Password = Callable[[str], str]

CREATE_ROLE = "CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS PASSWORD {password}"
RENEW_ROLE = "ALTER ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOBYPASSRLS PASSWORD {password}"


@dataclass(frozen=True, slots=True)
class Database:
    """A provisioned database and how each role reaches it."""

    admin_url: str
    name: str
    password: Password

    def url(self, role: str) -> str:
        """The URL for a role: `<service>`, `<service>_owner` or `registration_vault`."""
        parts = urlsplit(self.admin_url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=f"{role}:{quote(self.password(role), safe='')}@{host}", path=f"/{self.name}"))

    @property
    def superuser_url(self) -> str:
        return on_database(self.admin_url, self.name)


def on_database(url: str, name: str) -> str:
    """The same server and user, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def on_hosts(url: str, *others: str) -> str:
    """`url` with the hosts of the others behind its own: a client connects to the first that takes writes, also after a failover."""
    hosts = ",".join(urlsplit(each).netloc.rpartition("@")[2] for each in (url, *others))
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=f"{parts.netloc.rpartition('@')[0]}@{hosts}", query="target_session_attrs=read-write"))


def roles() -> tuple[str, ...]:
    return (*SERVICES, *(f"{service}_owner" for service in SERVICES), VAULT)


async def provision(admin_url: str, password: Password, name: str = DATABASE) -> Database:
    """Create what is missing, reset what has drifted. `admin_url` may create roles and databases; `password(role)` gives a password."""
    await _create_roles_and_database(admin_url, password, name)
    connection = await asyncpg.connect(on_database(admin_url, name))
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtext('guangcai.provision'))")
            for statement in _statements(name):
                await connection.execute(statement)
    finally:
        await connection.close()
    return Database(admin_url, name, password)


async def drop(database: Database) -> None:
    """Drop a database despite open connections; its roles stay, because they belong to the server."""
    connection = await asyncpg.connect(database.admin_url)
    try:
        await connection.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')
    finally:
        await connection.close()


async def _create_roles_and_database(admin_url: str, password: Password, name: str) -> None:
    connection = await asyncpg.connect(admin_url)
    try:
        # A session lock, because two stacks may provision one server at once and CREATE DATABASE cannot run in a transaction.
        await connection.execute("SELECT pg_advisory_lock(hashtext('guangcai.provision'))")
        existing = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        for role in roles():
            statement = RENEW_ROLE if role in existing else CREATE_ROLE
            await connection.execute(statement.format(role=role, password=_literal(password(role))))
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
            options = "TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
            await connection.execute(f'CREATE DATABASE "{name}" {options}')
    finally:
        await connection.close()


def _statements(name: str) -> list[str]:
    everyone = ", ".join(roles())
    owners = ", ".join([*(f"{service}_owner" for service in SERVICES), VAULT])
    statements = [
        f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC',
        f'GRANT CONNECT ON DATABASE "{name}" TO {everyone}',
        f'GRANT CREATE, TEMPORARY ON DATABASE "{name}" TO {owners}',  # a rebuild creates its shadow schema
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
    ]
    for service in SERVICES:
        for schema in (service, f"{service}_read"):
            statements += [
                f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {service}_owner",
                f"GRANT USAGE ON SCHEMA {schema} TO {service}",
            ]
    statements.append(f"CREATE SCHEMA IF NOT EXISTS {VAULT} AUTHORIZATION {VAULT}")
    return statements


def _literal(text: str) -> str:
    """A password as an SQL literal; role statements take no parameters."""
    if "\\" in text or "\0" in text:
        raise ValueError("a password may not contain backslash or NUL: " + json.dumps(len(text)))
    return "'" + text.replace("'", "''") + "'"
