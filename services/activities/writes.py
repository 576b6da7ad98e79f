"""One statement with its arguments: how an event becomes a row. District and keys come first; names are those of read_tables.sql."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from shared.eventlog.envelope import Recorded

Write = tuple[str, tuple[Any, ...]]
Writes = Sequence[Write]


@lru_cache
def _upsert(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    names = ("district", *keys, *columns)
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns)
    conflict = f"DO UPDATE SET {changes}" if changes else "DO NOTHING"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places}) ON CONFLICT (district, {', '.join(keys)}) {conflict}"  # noqa: S608 - names from this module only


@lru_cache
def _update(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ${number}" for number, name in enumerate(columns, len(keys) + 2))
    conditions = " AND ".join(f"{name} = ${number}" for number, name in enumerate(keys, 2))
    return f"UPDATE {table} SET {changes} WHERE district = $1 AND {conditions}"  # noqa: S608 - names from this module only


def save(event: Recorded, table: str, keys: Mapping[str, Any], values: Mapping[str, Any]) -> Write:
    """Insert the row or overwrite these columns of it."""
    return _upsert(table, tuple(keys), tuple(values)), (event.district, *keys.values(), *values.values())


def change(event: Recorded, table: str, keys: Mapping[str, Any], values: Mapping[str, Any]) -> Write:
    """Overwrite these columns of the row."""
    return _update(table, tuple(keys), tuple(values)), (event.district, *keys.values(), *values.values())


@lru_cache
def _addition(table: str, keys: tuple[str, ...], columns: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = {name} + ${number}" for number, name in enumerate(columns, len(keys) + 2))
    conditions = " AND ".join(f"{name} = ${number}" for number, name in enumerate(keys, 2))
    return f"UPDATE {table} SET {changes} WHERE district = $1 AND {conditions}"  # noqa: S608 - names from this module only


def add(event: Recorded, table: str, keys: Mapping[str, Any], values: Mapping[str, int]) -> Write:
    """Add to these columns of the row; every event is applied once, so nothing counts twice."""
    return _addition(table, tuple(keys), tuple(values)), (event.district, *keys.values(), *values.values())


def delete(event: Recorded, table: str, keys: Mapping[str, Any]) -> Write:
    """Take the row away."""
    conditions = " AND ".join(f"{name} = ${number}" for number, name in enumerate(keys, 2))
    return f"DELETE FROM {table} WHERE district = $1 AND {conditions}", (event.district, *keys.values())  # noqa: S608 - names from this module only


def fields(data: object, *names: str) -> dict[str, Any]:
    """Take these fields of an event as columns of the same names."""
    return {name: getattr(data, name) for name in names}


def keep(write: Write) -> Write:
    """The same insert, leaving an existing row alone."""
    statement, arguments = write
    return statement.partition(" DO UPDATE")[0] + " DO NOTHING", arguments
