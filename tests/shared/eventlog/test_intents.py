"""Intents are stored with their event and performed at least once with one command id; refusals are final, failures are retried."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.envelope import Recorded
from shared.eventlog.intents import MOST_ATTEMPTS, Intent, Pending, Performer, backoff
from shared.eventlog.log import Append, EventLog, StreamVersion
from tests.shared.eventlog.ledger import SERVICE, START, LogSource, Named, NameTaken, context, project, react, uuid


class Story:
    """A performer whose outcome and clock the test decides."""

    def __init__(self, store: Database, error: Exception | None = None, at: datetime = START) -> None:
        self.performed: list[Pending] = []
        self.error = error
        self.now = START
        self.business_now = at
        self.performer = Performer(store, self._perform, districts=set[str], business_now=self._business_now, now=lambda: self.now)

    async def _perform(self, pending: Pending) -> None:
        self.performed.append(pending)
        if self.error is not None:
            raise self.error

    async def _business_now(self, _district: str) -> datetime:
        return self.business_now


async def greeted(log: EventLog, store: Database, district: str, minutes: int = 0, later: timedelta = timedelta()) -> None:
    """One event in a fresh district, `minutes` after START, whose reaction is an intent due `later`; applied twice."""
    command = Append(context(district, district, minutes), StreamVersion(f"account/{uuid(district)}", 0), [Named(name="Sun")])
    await log.append(district, [command])

    def react_later(event: Recorded) -> list[Intent]:
        return [replace(intent, due=intent.due + later) for intent in react(event)]

    for _ in range(2):
        await OrderedConsumer(store, LogSource(log), [SERVICE], project, react_later).catch_up()


async def state(store: Database, district: str) -> tuple[str, int, str | None]:
    async with store.district(district) as tx:
        [row] = await tx.fetch("SELECT state, attempts, outcome FROM intents WHERE district = $1", district)
    return row["state"], row["attempts"], row["outcome"]


async def test_a_reaction_is_performed_once_and_carries_its_event(log: EventLog, store: Database) -> None:
    await greeted(log, store, "greet")
    story = Story(store)
    assert await story.performer.perform_due("greet") == 1
    assert await story.performer.perform_due("greet") == 0
    [pending] = story.performed
    assert (pending.intent.kind, pending.intent.payload) == ("greet", {"name": "Sun"})
    assert await state(store, "greet") == ("done", 1, None)


async def test_nothing_is_performed_before_it_is_due(log: EventLog, store: Database) -> None:
    await greeted(log, store, "early", later=timedelta(minutes=60))
    story = Story(store)
    assert await story.performer.perform_due("early") == 0
    story.business_now = START + timedelta(minutes=60)
    assert await story.performer.perform_due("early") == 1


async def test_a_reaction_to_an_event_of_a_faster_clock_does_not_wait_for_ours(log: EventLog, store: Database) -> None:
    await greeted(log, store, "faster", minutes=60)
    assert await Story(store, at=START).performer.perform_due("faster") == 1


async def test_a_failure_is_tried_again_later_with_the_same_command_id_and_given_up_in_the_end(log: EventLog, store: Database) -> None:
    await greeted(log, store, "fails")
    story = Story(store, OSError("no mail server"))
    await story.performer.perform_due("fails")
    assert await story.performer.perform_due("fails") == 0  # not before the back-off has passed
    for attempt in range(1, MOST_ATTEMPTS):
        story.now += backoff(attempt)
        assert await story.performer.perform_due("fails") == 1
    assert len({pending.command_id for pending in story.performed}) == 1
    assert await state(store, "fails") == ("failed", MOST_ATTEMPTS, "OSError")


async def test_a_clock_that_was_put_back_keeps_no_retry_waiting(log: EventLog, store: Database) -> None:
    await greeted(log, store, "put-back")
    story = Story(store, OSError("no mail server"))
    await story.performer.perform_due("put-back")
    story.now -= timedelta(hours=1)
    assert await story.performer.perform_due("put-back") == 1
    assert await story.performer.perform_due("put-back") == 0  # the back-off was written by the former clock and is ignored


async def test_a_broken_rule_closes_the_intent_as_refused(log: EventLog, store: Database) -> None:
    await greeted(log, store, "refused")
    story = Story(store, NameTaken())
    await story.performer.perform_due("refused")
    assert await state(store, "refused") == ("refused", 1, "name_taken")
