"""Composition of features to a service: order of writes and intents, grouping of statements, performers by kind."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, ClassVar
from uuid import UUID

import pytest

from shared.contracts.activities.posts import PostClosed
from shared.feature import Feature, Task, performing, reacting, runs
from shared.rows import add, change, delete, fields, save, save_new

A, B, C = "INSERT a", "INSERT b", "INSERT c"
NOW = datetime(2026, 5, 4, tzinfo=UTC)


class Remind(Task):
    KIND: ClassVar[str] = "remind"

    post_id: UUID


class RemindAgain(Task):
    KIND: ClassVar[str] = "remind"


def test_neighbours_of_one_statement_travel_together_and_keep_their_order() -> None:
    assert runs([(A, (1,)), (A, (2,)), (B, (3,)), (A, (4,))], {}) == [(A, [(1,), (2,)]), (B, [(3,)]), (A, [(4,)])]


def test_a_statement_joins_an_earlier_one_only_across_those_it_commutes_with() -> None:
    commuting = {A: frozenset({B})}
    assert runs([(A, (1,)), (B, (2,)), (A, (3,))], commuting) == [(A, [(1,), (3,)]), (B, [(2,)])]
    assert runs([(A, (1,)), (C, (2,)), (A, (3,))], commuting) == [(A, [(1,)]), (C, [(2,)]), (A, [(3,)])]


def test_intents_follow_in_the_order_of_the_features() -> None:
    def remind(_event: object, data: PostClosed) -> Any:
        yield Remind(post_id=data.post_id).intent("first", NOW)

    def remind_again(_event: object, _data: PostClosed) -> Any:
        yield RemindAgain().intent("second", NOW)

    react = reacting([Feature("posts", reactions={PostClosed: remind}), Feature("teams", reactions={PostClosed: remind_again})])
    closed = PostClosed(post_id=UUID(int=1), community_id=UUID(int=2), reason="done")
    assert [each.key for each in react(SimpleNamespace(data=closed))] == ["first", "second"]
    assert react(SimpleNamespace(data=None)) == ()


async def test_an_intent_reaches_the_performer_of_its_kind_as_a_typed_task() -> None:
    performed: list[Remind] = []

    async def remind(task: Remind, _call: object) -> None:
        performed.append(task)

    perform = performing([Feature("posts", performers={Remind: remind})])
    await perform(Remind(post_id=UUID(int=1)).intent("key", NOW), None)
    assert performed == [Remind(post_id=UUID(int=1))]


async def test_an_unknown_kind_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="remind"):
        await performing([])(Remind(post_id=UUID(int=1)).intent("key", NOW), None)


def test_two_tasks_of_one_kind_are_refused_at_the_start() -> None:
    async def nothing(_task: object, _call: object) -> None: ...

    with pytest.raises(ValueError, match="remind"):
        performing([Feature("posts", performers={Remind: nothing, RemindAgain: nothing})])


@pytest.mark.parametrize(
    ("write", "statement", "arguments"),
    [
        (
            save("posts", {"post_id": 1}, {"t": "a"}),
            "INSERT INTO posts (district, post_id, t) VALUES ($1, $2, $3) ON CONFLICT (district, post_id) DO UPDATE SET t = EXCLUDED.t",
            (1, "a"),
        ),
        (
            save_new("posts", {"post_id": 1}, {"title": "a"}),
            "INSERT INTO posts (district, post_id, title) VALUES ($1, $2, $3) ON CONFLICT (district, post_id) DO NOTHING",
            (1, "a"),
        ),
        (change("posts", {"post_id": 1}, {"title": "a"}), "UPDATE posts SET title = $3 WHERE district = $1 AND post_id = $2", (1, "a")),
        (add("posts", {"post_id": 1}, {"n": 2}), "UPDATE posts SET n = n + $3 WHERE district = $1 AND post_id = $2", (1, 2)),
        (delete("posts", {"post_id": 1}), "DELETE FROM posts WHERE district = $1 AND post_id = $2", (1,)),
    ],
)
def test_every_statement_names_the_district_first(write: Any, statement: str, arguments: tuple[object, ...]) -> None:
    assert write == (statement, arguments)


def test_fields_are_taken_under_their_own_names() -> None:
    closed = PostClosed(post_id=UUID(int=1), community_id=UUID(int=2), reason="done")
    assert fields(closed, "post_id", "reason") == {"post_id": UUID(int=1), "reason": "done"}
