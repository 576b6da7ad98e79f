"""The database isolates districts: checks every table of every service in PostgreSQL's catalogue after the real migrations."""

import asyncpg
import pytest

from ops.provision import Database
from ops.spec import definitions
from shared.eventlog.migrate import migrate
from shared.runtime.definition import ServiceDefinition

# Tables that belong to the installation rather than to a district.
WITHOUT_DISTRICT = frozenset({"schema_migrations", "read_model"})
TABLES = """
SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,
       pg_get_userbyid(c.relowner) AS owner,
       EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) AS has_policy,
       (SELECT a.attnotnull FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'district') AS has_district
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ($1::text, $1::text || '_read') AND c.relkind IN ('r', 'p')
"""
INDEXES = """
SELECT i.indexrelid::regclass::text AS name, a.attname AS leads
FROM pg_index i LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
WHERE i.indrelid = $1
"""
ROLES = "SELECT rolname, rolsuper OR rolbypassrls AS passes FROM pg_roles WHERE rolname LIKE $1::text || '%'"

SERVICES = tuple(definitions())


@pytest.mark.parametrize("definition", SERVICES, ids=lambda definition: definition.name)
async def test_every_table_is_kept_apart_by_district(definition: ServiceDefinition, database: Database) -> None:
    await migrate(database.url(f"{definition.name}_owner"), definition.name, definition.folder)
    connection = await asyncpg.connect(database.superuser_url)
    try:
        tables = [row for row in await connection.fetch(TABLES, definition.name) if row["name"] not in WITHOUT_DISTRICT]
        assert len(tables) > 5, "the query looks at the wrong schemas"
        indexes = {row["name"]: await connection.fetch(INDEXES, row["oid"]) for row in tables}
        roles = await connection.fetch(ROLES, definition.name)
    finally:
        await connection.close()
    for row in tables:
        place = f"{row['schema']}.{row['name']}"
        assert row["has_district"], f"{place} needs `district text NOT NULL`"
        assert row["is_forced"], f"{place} needs ROW LEVEL SECURITY, enabled and forced"
        assert row["has_policy"], f"{place} has no policy"
        assert row["owner"] == f"{definition.name}_owner", f"{place} must belong to the owner role, not to {row['owner']}"
        wrong = [index["name"] for index in indexes[row["name"]] if index["leads"] != "district"]
        assert not wrong, f"{place}: `district` must lead {wrong}"
    assert [role["rolname"] for role in roles if role["passes"]] == []
