"""A relay as a process of its own, so that a test can kill it: `python -m tests.shared.eventlog.relay_process DATABASE_URL AMQP_URL`."""

import asyncio
import sys

from shared.eventlog.bell import Bell
from shared.eventlog.database import Database
from shared.eventlog.relay import Relay
from shared.messaging import RabbitPublisher, Topology
from tests.shared.eventlog.ledger import SCHEMA, SERVICE


async def main(database_url: str, amqp_url: str) -> None:
    async with Database(database_url, search_path=f"{SCHEMA}_read,{SCHEMA}") as database:
        publisher = RabbitPublisher(amqp_url, SERVICE, Topology())
        bell = Bell(database, SERVICE)
        relay = Relay(database, SERVICE, publisher, bell, page=50)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(bell.run())
            tasks.create_task(relay.run())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
