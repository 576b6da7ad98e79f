"""When two entries of one person were merged: every stream that names the old id follows, by one event of its own.

Invariant: nothing is lost and nothing counts twice: the state afterwards is the state before, with one id in the place of the other.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.event import Event
from shared.decider import Command, Decider

C = TypeVar("C", bound=Command)
S = TypeVar("S")


class FollowMember(Command):
    """Put the surviving id in the place of the old one."""

    member_id: UUID
    into_member_id: UUID


def nothing_else(_state: object) -> tuple[Event, ...]:
    """For aggregates where a merge has no further consequence."""
    return ()


def following(decider: Decider[C, S], then: Callable[[S], tuple[Event, ...]] = nothing_else) -> Decider[C | FollowMember, S]:
    """The same aggregate, following merges; `then` says what else follows from the state afterwards."""

    def decide(command: C | FollowMember, state: S) -> tuple[Event, ...]:
        if not isinstance(command, FollowMember):
            return decider.decide(command, state)
        after = moved(state, command.member_id, command.into_member_id)
        if after == state:
            return ()
        return (MemberIdentityFollowed(**command.model_dump()), *then(after))

    def evolve(state: S, event: Event) -> S:
        if isinstance(event, MemberIdentityFollowed):
            return moved(state, event.member_id, event.into_member_id)
        return decider.evolve(state, event)

    return Decider(category=decider.category, initial=decider.initial, decide=decide, evolve=evolve, reservations=decider.reservations)


def moved(value: S, old: UUID, new: UUID) -> S:
    """`value` with `new` in every place of `old`, as id or as the subject of a principal; sums of one account are added."""
    return cast("S", _moved(value, old, new))


def _moved(value: Any, old: UUID, new: UUID) -> Any:
    match value:
        case UUID():
            return new if value == old else value
        case str():
            return str(new) if value == str(old) else value
        case BaseModel():
            changed = {name: _moved(each, old, new) for name, each in value}
            return value if all(changed[name] is each for name, each in value) else value.model_copy(update=changed)
        case Mapping():
            return _moved_mapping(cast("Mapping[Any, Any]", value), old, new)
        case tuple():
            return _moved_tuple(cast("tuple[Any, ...]", value), old, new)
        case frozenset():
            parts = cast("frozenset[Any]", value)
            return frozenset(_moved(each, old, new) for each in parts) if old in parts or str(old) in parts else parts
        case _ if is_dataclass(value) and not isinstance(value, type):
            changed = {each.name: _moved(getattr(value, each.name), old, new) for each in fields(value)}
            return value if all(changed[name] is getattr(value, name) for name in changed) else replace(value, **changed)
        case _:
            return value


def _moved_tuple(value: tuple[Any, ...], old: UUID, new: UUID) -> tuple[Any, ...]:
    parts = tuple(_moved(each, old, new) for each in value)
    if all(mine is other for mine, other in zip(parts, value, strict=True)):
        return value
    return tuple(dict.fromkeys(parts)) if new in parts else parts  # a list of ids names everybody once


def _moved_mapping(value: Mapping[Any, Any], old: UUID, new: UUID) -> Mapping[Any, Any]:
    found: dict[Any, Any] = {}
    is_same = True
    for key, each in value.items():
        name, content = _moved(key, old, new), _moved(each, old, new)
        is_same = is_same and name is key and content is each
        if name in found and isinstance(content, int):
            content += found[name]
        found[name] = content
    return value if is_same else found
