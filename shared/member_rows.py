"""Where a service keeps rows about members: each feature declares its tables once, in its feature.py.

The declarations drive own copies (G4), which streams follow a merge of two entries of one person, and which rows move with them; beside
them stands what is deleted when its term is over (G15). tests/architecture/test_member_rows.py fails for a column of a member that no
feature declares.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from shared.decider import Decider

Carry = Callable[[Any, UUID, UUID], Awaitable[None]]  # the Call, the entry that is not used any more, the one that remains
BY_ID: Final = "{column} = ANY($1)"


@dataclass(frozen=True, slots=True)
class MemberRows:
    """Rows of `table` whose `column` holds the id of a member. A merge treats them in one of three ways:

    `aggregate`: they belong to its streams, whose ids are in the column `stream`. Each stream that names the member follows by an event
    of its own, and its rows move to the entry that remains; with `is_key` that entry keeps a row it has already.
    `carry`: their streams belong to one member each; this function repeats on those of the remaining entry what the other one had.
    `unmoved`: why they stay as they are.
    `copied`: the condition for rows of the own copy ($1: all ids of the member), None when `not_copied` says why there are none.
    """

    table: str
    column: str = "member_id"
    aggregate: Decider[Any, Any] | None = None
    stream: str = ""
    is_key: bool = False
    carry: Carry | None = None
    unmoved: str = ""
    copied: str = BY_ID
    not_copied: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError unless exactly one way to treat a merge is declared."""
        ways = (self.aggregate is not None and bool(self.stream), self.carry is not None, bool(self.unmoved))
        if sum(ways) != 1:
            message = f"{self.table}.{self.column}: declare an aggregate with its stream, or how rows are carried over, or why they stay"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Deletion:
    """A statement that deletes what is older than a term allows; `kind` is the value of the event's field, $2 the day."""

    kind: str
    statement: str


def copied_places(declared: Iterable[MemberRows]) -> Mapping[str, str]:
    """Table → condition for the rows of the own copy."""
    places: dict[str, str] = {}
    for rows in declared:
        if not rows.not_copied:
            condition = rows.copied.format(column=rows.column)
            places[rows.table] = f"{places[rows.table]} OR {condition}" if rows.table in places else condition
    return places


def streams_naming(declared: Iterable[MemberRows]) -> str:
    """SQL: category and id of every stream that follows a merge and names the member ($1: district, $2: the member)."""
    selects = [
        f"SELECT '{rows.aggregate.category}' AS category, {rows.stream} AS id FROM {rows.table} WHERE district = $1 AND {rows.column} = $2"  # noqa: S608 - names from declarations only
        for rows in declared
        if rows.aggregate is not None
    ]
    return " UNION ".join(selects) + " ORDER BY category, id"


def moves(rows: MemberRows) -> tuple[str, ...]:
    """Statements that move the rows of one stream ($2) from one entry ($3) to the entry that remains ($4)."""
    here = f"district = $1 AND {rows.stream} = $2 AND {rows.column}"
    move = f"UPDATE {rows.table} SET {rows.column} = $4 WHERE {here} = $3"  # noqa: S608 - names from declarations only
    if not rows.is_key:
        return (move,)
    there = f"SELECT FROM {rows.table} WHERE {here} = $4"
    return (f"DELETE FROM {rows.table} WHERE {here} = $3 AND EXISTS ({there})", move)  # noqa: S608 - names from declarations only
