"""The running parts of one service process, for probes, metrics, operations and tests."""

from dataclasses import dataclass

from shared.eventlog.bell import Bell
from shared.eventlog.commands import Commands
from shared.eventlog.consume import OrderedConsumer
from shared.eventlog.database import Database
from shared.eventlog.intents import Performer
from shared.eventlog.log import EventLog
from shared.eventlog.relay import Relay
from shared.messaging import Receiver
from shared.runtime.definition import ServiceDefinition
from shared.runtime.settings import Settings


@dataclass(slots=True)
class Parts:
    """The running parts of one service process, for probes, metrics, operations and tests."""

    settings: Settings
    definition: ServiceDefinition
    database: Database
    log: EventLog
    bell: Bell
    commands: Commands
    consumer: OrderedConsumer
    performer: Performer
    relay: Relay | None = None
    receiver: Receiver | None = None
