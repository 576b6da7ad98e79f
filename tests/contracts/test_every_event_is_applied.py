"""Nothing that a contract accepts may be refused by a projection or a reaction: every event at the edges of its contract is applied.

Each service hears each event class of its sources several times, in a random order, in its real tables.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from ops.provision import Database as Provisioned
from services.activities.app import SERVICE as ACTIVITIES
from services.evaluation.app import SERVICE as EVALUATION
from services.notifications.app import SERVICE as NOTIFICATIONS
from services.registration.app import SERVICE as REGISTRATION
from shared.contracts.catalogue import published_events
from shared.contracts.event import Event
from shared.eventlog.database import Database
from shared.eventlog.envelope import Context, Recorded
from shared.eventlog.intents import store_intents
from shared.eventlog.migrate import migrate
from shared.runtime.definition import ServiceDefinition
from shared.testing.extremes import FEW, extreme
from shared.testing.harness import DISTRICT, MemoryFeeds

TIMES = 12
SEED = 20260329
NOW = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def heard(definition: ServiceDefinition, random: Random) -> Iterable[Recorded]:
    """The events of one service's sources, as its consumer would hand them over."""
    feeds = MemoryFeeds()
    classes = [each for each in published_events() if each.service() in definition.sources] * TIMES
    random.shuffle(classes)
    for number, each in enumerate(classes, 1):
        yield recorded(feeds, extreme(each, random), number, random)


def recorded(feeds: MemoryFeeds, event: Event, number: int, random: Random) -> Recorded:
    stream = f"{event.service()}/{UUID(int=random.randrange(FEW))}"
    return feeds.add(event, stream, Context(DISTRICT, UUID(int=number), NOW, "somebody"))


@pytest.mark.parametrize("definition", [REGISTRATION, ACTIVITIES, EVALUATION, NOTIFICATIONS], ids=lambda each: each.name)
async def test_whatever_a_contract_accepts_is_applied(definition: ServiceDefinition, database: Provisioned) -> None:
    name = definition.name
    await migrate(database.url(f"{name}_owner"), name, definition.folder)
    refused: dict[str, str] = {}
    async with Database(database.url(name), search_path=f"{name}_read,{name}", size=1, name="extremes") as store:
        for event in heard(definition, Random(SEED)):
            assert event.problem is None, f"{event.type} does not survive JSON: {event.problem}"
            try:
                async with store.district(DISTRICT) as tx:
                    await definition.project(tx, [event])
                    await store_intents(tx, [(event, intent) for intent in definition.react(event)])
            except Exception as error:  # noqa: BLE001 - whatever it is, all of them are reported
                refused.setdefault(f"{event.name}: {type(error).__name__}: {error}"[:300], event.type)
    assert not refused, "\n".join(sorted(refused))
