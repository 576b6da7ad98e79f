"""Provisioning can run at every start; service roles can change neither tables nor row-level security."""

from dataclasses import replace

import asyncpg
import pytest

from ops.provision import DATABASE, on_hosts, provision, roles

ROLES = (
    "SELECT rolname FROM pg_roles WHERE rolname = ANY($1) AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR NOT rolcanlogin)"
)
SCHEMAS = (
    "SELECT nspname, nspowner::regrole::text AS owner, nspacl::text AS acl FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY 1"
)


async def rows(url, query, *arguments):
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(query, *arguments)]
    finally:
        await connection.close()


async def test_second_run_changes_nothing(servers, database):
    before = await rows(database.superuser_url, SCHEMAS)
    again = await provision(servers.postgres_admin_url, servers.role_password, database.name)
    assert await rows(database.superuser_url, SCHEMAS) == before
    assert await rows(again.url("registration"), "SELECT current_user::text") == [("registration",)]


async def test_no_role_of_ours_is_powerful(database):
    assert await rows(database.superuser_url, ROLES, list(roles())) == []


async def test_service_owns_nothing_and_makes_no_table(database):
    owned = "SELECT nspname::text FROM pg_namespace WHERE nspowner = 'registration'::regrole"
    assert await rows(database.superuser_url, owned) == []
    for statement in ("CREATE TABLE registration.x ()", "CREATE TABLE public.x ()", "CREATE SCHEMA x", "CREATE TEMPORARY TABLE x ()"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await rows(database.url("registration"), statement)


async def test_owner_makes_tables_in_its_schemas_and_in_a_shadow_of_its_own(database):
    for statement in ("CREATE TABLE registration.a ()", "CREATE TABLE registration_read.b ()", "CREATE SCHEMA shadow"):
        await rows(database.url("registration_owner"), statement)


async def test_owner_of_another_service_is_kept_out(database):
    for schema in ("registration", "registration_read", "registration_vault"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await rows(database.url("activities_owner"), f"CREATE TABLE {schema}.x ()")


def test_role_urls_name_role_password_and_database(database):
    assert database.url("registration").startswith("postgresql://registration:")
    assert database.url("registration").endswith(f"/{database.name}")
    assert database.name != DATABASE


def test_role_urls_may_name_several_hosts(database):
    several = replace(database, admin_url=on_hosts("postgresql://a:p@one:5432/postgres", "postgresql://a:p@two:5433/postgres"))
    assert several.url("registration").endswith(f"@one:5432,two:5433/{database.name}?target_session_attrs=read-write")
