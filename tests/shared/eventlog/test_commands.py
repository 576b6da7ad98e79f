"""Command → decide → log: one result per command id, optimistic concurrency, commands on one stream take turns."""

import asyncio
from collections.abc import Sequence
from typing import cast
from uuid import UUID

import pytest

from shared.eventlog.commands import BATCH, CROWD, CommandIdReused, Commands, GroupCommit, StaleVersion
from shared.eventlog.envelope import Context
from shared.eventlog.log import Accepted, Append, EventLog, Outcome, Reused, StreamVersion
from tests.shared.eventlog.ledger import ACCOUNT, Count, NameTaken, TakeName, TooMuch, context, count, uuid


@pytest.fixture(scope="module")
def commands(log: EventLog) -> Commands:
    return Commands(log, within=10)


def at(name: str, district: str = "commands") -> tuple[UUID, Context]:
    return uuid(name), context(f"command/{name}", district)


async def test_a_retry_gets_the_first_result_even_when_the_rule_would_now_refuse(commands: Commands, log: EventLog) -> None:
    account, first = at("retry")
    done = await commands.handle(ACCOUNT, account, Count(amount=100), first)
    again = await commands.handle(ACCOUNT, account, Count(amount=100), first)
    elsewhere = await Commands(log).handle(ACCOUNT, account, Count(amount=100), first)  # another process
    assert (done.version, done.is_duplicate) == (1, False)
    assert again.facts == elsewhere.facts == done.facts
    assert again.is_duplicate
    assert elsewhere.is_duplicate


async def test_sent_twice_at_the_same_moment_is_written_once(log: EventLog) -> None:
    account, one = at("twice")
    results = await asyncio.gather(*(Commands(log, within=10).handle(ACCOUNT, account, Count(amount=60), one) for _ in range(4)))
    assert len({result.facts for result in results}) == 1
    assert sum(not result.is_duplicate for result in results) == 1


async def test_two_processes_deciding_at_once_never_break_the_rule(log: EventLog) -> None:
    account, _ = at("race")
    processes = [Commands(log, within=20) for _ in range(4)]
    attempts = [
        each.handle(ACCOUNT, account, Count(amount=30), context(f"race/{process}/{number}", "commands"))
        for process, each in enumerate(processes)
        for number in range(3)
    ]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(not isinstance(result, BaseException) for result in results) == 3
    assert {type(result) for result in results if isinstance(result, BaseException)} == {TooMuch}


async def test_a_command_id_belongs_to_one_stream(commands: Commands) -> None:
    account, one = at("reused")
    await commands.handle(ACCOUNT, account, Count(amount=1), one)
    with pytest.raises(CommandIdReused):
        await commands.handle(ACCOUNT, uuid("another"), Count(amount=1), one)


async def test_a_key_belongs_to_one_request(commands: Commands, log: EventLog) -> None:
    account, one = at("request")
    mine, other = one._replace(fingerprint=b"mine"), one._replace(fingerprint=b"other")
    done = await commands.handle(ACCOUNT, account, Count(amount=1), mine)
    for process in (commands, Commands(log)):
        assert (await process.handle(ACCOUNT, account, Count(amount=1), mine)).facts == done.facts
        for stranger in (other, one):  # another request, and a reaction
            for amount in (2, 0, 1000):  # accepted, already so, and refused by the rule
                with pytest.raises(CommandIdReused):
                    await process.handle(ACCOUNT, account, Count(amount=amount), stranger)
    assert (await Commands(log).state(ACCOUNT, account, context("request/state", "commands"))).version == 1


async def test_a_command_without_events_leaves_its_key_to_others(commands: Commands) -> None:
    account, one = at("unused")
    await commands.handle(ACCOUNT, account, Count(amount=0), one._replace(fingerprint=b"mine"))
    assert (await commands.handle(ACCOUNT, account, Count(amount=1), one._replace(fingerprint=b"other"))).facts


async def test_a_key_that_several_commands_share_belongs_to_one_request_too(commands: Commands) -> None:
    key = uuid("shared key")

    def step(name: str, mac: bytes) -> Context:
        return context(name, "commands")._replace(correlation_id=key, fingerprint=mac)

    plain = context("plain", "commands")._replace(command_id=key)
    await commands.handle(ACCOUNT, uuid("steps/1"), Count(amount=1), step("step/1", b"mine"))
    await commands.handle(ACCOUNT, uuid("steps/2"), Count(amount=1), step("step/2", b"mine"))
    for stranger in (step("step/3", b"other"), plain._replace(fingerprint=b"other")):
        with pytest.raises(CommandIdReused):
            await commands.handle(ACCOUNT, uuid("steps/3"), Count(amount=1), stranger)
    other = uuid("plain key")
    await commands.handle(ACCOUNT, uuid("plain"), Count(amount=1), plain._replace(command_id=other, fingerprint=b"mine"))
    with pytest.raises(CommandIdReused):
        await commands.handle(ACCOUNT, uuid("steps/4"), Count(amount=1), step("step/4", b"other")._replace(correlation_id=other))


async def test_a_reused_key_spoils_nothing_else_in_its_batch(log: EventLog) -> None:
    first = count("batch/1", "batch/1", 0, 1, district="batch")
    await log.append("batch", [first._replace(context=first.context._replace(correlation_id=uuid("batch key"), fingerprint=b"mine"))])
    wrong, right = count("batch/2", "batch/2", 0, 1, district="batch"), count("batch/3", "batch/3", 0, 1, district="batch")
    wrong = wrong._replace(context=wrong.context._replace(correlation_id=uuid("batch key"), fingerprint=b"other"))
    assert await log.append("batch", [wrong, right]) == [Reused(), Accepted(2)]


async def test_expected_version_and_unmoved_streams_are_honoured(commands: Commands) -> None:
    account, one = at("stale")
    await commands.handle(ACCOUNT, account, Count(amount=1), one)
    with pytest.raises(StaleVersion) as stale:
        await commands.handle(ACCOUNT, account, Count(amount=1), context("stale/2", "commands"), expected_version=0)
    assert (stale.value.expected, stale.value.actual) == (0, 1)
    with pytest.raises(StaleVersion):
        await commands.handle(
            ACCOUNT,
            uuid("fresh"),
            Count(amount=1),
            context("stale/3", "commands"),
            unchanged=[StreamVersion(f"account/{account}", 0)],
        )


async def test_already_so_writes_nothing_and_a_taken_name_is_the_domains_own_error(commands: Commands) -> None:
    account, one = at("nothing")
    assert (await commands.handle(ACCOUNT, account, Count(amount=0), one)).facts == ()
    for number in range(2):
        await commands.handle(ACCOUNT, uuid(f"name{number}"), TakeName(name="Zhao"), context(f"name{number}", "commands"))
    with pytest.raises(NameTaken):
        await commands.handle(ACCOUNT, uuid("name2"), TakeName(name="Zhao"), context("name2", "commands"))


async def test_state_is_folded_from_the_log_behind_what_is_remembered(log: EventLog) -> None:
    mine, theirs = Commands(log), Commands(log)
    account = uuid("folded")
    await mine.handle(ACCOUNT, account, Count(amount=1), context("f1", "commands"))
    await theirs.handle(ACCOUNT, account, Count(amount=2), context("f2", "commands"))
    folded = await mine.state(ACCOUNT, account, context("f3", "commands"))
    assert (folded.version, folded.state) == (2, 3)


async def test_what_is_remembered_alone_neither_refuses_nor_allows(log: EventLog) -> None:
    mine, theirs = Commands(log), Commands(log)
    account = uuid("remembered")
    await mine.handle(ACCOUNT, account, Count(amount=100), context("r1", "commands"))
    await theirs.handle(ACCOUNT, account, Count(amount=-100), context("r2", "commands"))
    allowed = await mine.handle(ACCOUNT, account, Count(amount=60), context("r3", "commands"))  # 160 by what `mine` remembers
    assert (allowed.version, allowed.state) == (3, 60)
    with pytest.raises(TooMuch):
        await theirs.handle(ACCOUNT, account, Count(amount=50), context("r4", "commands"))  # 50 by what `theirs` remembers
    assert (await theirs.handle(ACCOUNT, account, Count(amount=40), context("r5", "commands"), expected_version=3)).state == 100


class SlowLog:
    """Records the sizes of batches, and answers when the test says so."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.answer = asyncio.Event()

    async def append(self, _district: str, commands: Sequence[Append]) -> list[Outcome]:
        self.sizes.append(len(commands))
        await self.answer.wait()
        return [Accepted(1) for _ in commands]


@pytest.mark.parametrize(("callers", "sizes"), [(1, [1]), (CROWD - 1, [CROWD - 1]), (64, [32, 32]), (3 * BATCH, [BATCH, BATCH])])
async def test_a_crowd_is_shared_out_so_that_one_batch_is_encoded_while_the_other_is_written(callers: int, sizes: list[int]) -> None:
    log = SlowLog()
    commit = GroupCommit(cast("EventLog", log))
    waiting = [asyncio.create_task(commit.append(count(f"crowd/{number}", f"crowd/{number}", 0, 1))) for number in range(callers)]
    await asyncio.sleep(0.01)
    assert log.sizes == sizes
    log.answer.set()
    assert await asyncio.gather(*waiting) == [Accepted(1)] * callers
    assert sum(log.sizes) == callers


async def test_who_comes_while_batches_are_under_way_goes_with_the_next_one() -> None:
    log = SlowLog()
    commit = GroupCommit(cast("EventLog", log))
    waiting = list[asyncio.Task[Outcome]]()
    for number in range(5):
        waiting.append(asyncio.create_task(commit.append(count(f"late/{number}", f"late/{number}", 0, 1))))
        await asyncio.sleep(0.001)
    assert log.sizes == [1, 1]
    log.answer.set()
    await asyncio.gather(*waiting)
    assert log.sizes == [1, 1, 3]
