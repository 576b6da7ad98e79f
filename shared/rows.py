"""SQL statements for common projections of an event to a row: insert or overwrite, change, add, delete.

Tables and columns have the names of read_tables.sql.
Invariant: every statement names the district; it is its first argument.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from shared.feature import Write

Columns = Mapping[str, Any]


def save(table: str, keys: Columns, values: Columns) -> Write:
    """Insert the row, or overwrite these columns of it."""
    return _insert(table, tuple(keys), tuple(values), is_overwriting=True), (*keys.values(), *values.values())


def save_new(table: str, keys: Columns, values: Columns) -> Write:
    """Insert the row unless it exists; an existing row stays as it is."""
    return _insert(table, tuple(keys), tuple(values), is_overwriting=False), (*keys.values(), *values.values())


def change(table: str, keys: Columns, values: Columns) -> Write:
    """Overwrite these columns of the row, if it exists."""
    return _update(table, tuple(keys), tuple(values), is_adding=False), (*keys.values(), *values.values())


def add(table: str, keys: Columns, values: Mapping[str, int]) -> Write:
    """Add to these columns of the row; every event is applied exactly once, so nothing is counted twice."""
    return _update(table, tuple(keys), tuple(values), is_adding=True), (*keys.values(), *values.values())


def delete(table: str, keys: Columns) -> Write:
    """Delete the rows with these keys."""
    return _delete(table, tuple(keys)), tuple(keys.values())


def fields(data: object, *names: str) -> dict[str, Any]:
    """These fields of an event as columns of the same names."""
    return {name: getattr(data, name) for name in names}


@lru_cache
def _insert(table: str, keys: tuple[str, ...], columns: tuple[str, ...], *, is_overwriting: bool) -> str:
    names = ("district", *keys, *columns)
    places = ", ".join(f"${number}" for number in range(1, len(names) + 1))
    changes = ", ".join(f"{name} = EXCLUDED.{name}" for name in columns)
    conflict = f"DO UPDATE SET {changes}" if changes and is_overwriting else "DO NOTHING"
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places}) ON CONFLICT (district, {', '.join(keys)}) {conflict}"  # noqa: S608 - names from projections only


@lru_cache
def _update(table: str, keys: tuple[str, ...], columns: tuple[str, ...], *, is_adding: bool) -> str:
    old = "{name} + " if is_adding else ""
    changes = ", ".join(f"{name} = {old.format(name=name)}${number}" for number, name in enumerate(columns, len(keys) + 2))
    return f"UPDATE {table} SET {changes} WHERE {_where(keys)}"  # noqa: S608 - names from projections only


@lru_cache
def _delete(table: str, keys: tuple[str, ...]) -> str:
    return f"DELETE FROM {table} WHERE {_where(keys)}"  # noqa: S608 - names from projections only


def _where(keys: tuple[str, ...]) -> str:
    return " AND ".join(("district = $1", *(f"{name} = ${number}" for number, name in enumerate(keys, 2))))
