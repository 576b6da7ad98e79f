"""The phases of a statement in a recipient's hands, and their fold."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from shared.contracts.evaluation.statements import StatementExportDestroyed, StatementExported, StatementExportExpired


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The recipient has it."""

    exported: StatementExported


@dataclass(frozen=True, slots=True)
class Expired:
    """The day until which it was handed on has passed; nobody has confirmed that it is destroyed."""

    exported: StatementExported


@dataclass(frozen=True, slots=True)
class Destroyed:
    """Confirmed to exist no longer."""

    exported: StatementExported


Handout = HandedOut | Expired | Destroyed
Handouts = Mapping[UUID, Handout]  # by export
HandoutEvent = StatementExported | StatementExportExpired | StatementExportDestroyed


def evolve(handouts: Handouts, event: HandoutEvent) -> Handouts:
    """Fold one event; one on a statement that was never handed on changes nothing."""
    match event, handouts.get(event.export_id):
        case StatementExported(), _:
            handout = HandedOut(event)
        case StatementExportExpired(), HandedOut(exported):
            handout = Expired(exported)
        case StatementExportDestroyed(), HandedOut(exported) | Expired(exported):
            handout = Destroyed(exported)
        case _:
            return handouts
    return MappingProxyType({**handouts, event.export_id: handout})
