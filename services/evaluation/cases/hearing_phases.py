"""The phases of a hearing on a proposed deduction, and their fold."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from shared.contracts.evaluation.codes import DeductionKind
from shared.contracts.evaluation.hearings import DeductionAnswered, DeductionDropped, DeductionProposed, DeductionUpheld

Charge = tuple[DeductionKind, UUID]  # of what, and the event that shows it


@dataclass(frozen=True, slots=True)
class Open:
    """Proposed; nobody has decided."""

    proposed: DeductionProposed
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class Upheld:
    """The deduction takes effect."""

    proposed: DeductionProposed


@dataclass(frozen=True, slots=True)
class Dropped:
    """Nothing is deducted."""

    proposed: DeductionProposed


Hearing = Open | Upheld | Dropped
Hearings = Mapping[UUID, Hearing]  # by deduction
HearingEvent = DeductionProposed | DeductionAnswered | DeductionUpheld | DeductionDropped


def charge(hearing: Hearing) -> Charge:
    """What is held against the member."""
    return hearing.proposed.kind, hearing.proposed.source_event_id


def evolve(hearings: Hearings, event: HearingEvent) -> Hearings:
    """Fold one event; one on a deduction that was never proposed changes nothing."""
    match event, hearings.get(event.deduction_id):
        case DeductionProposed(), _:
            hearing = Open(event)
        case DeductionAnswered(), Open(proposed):
            hearing = Open(proposed, is_answered=True)
        case DeductionUpheld(), Open(proposed) | Upheld(proposed) | Dropped(proposed):
            hearing = Upheld(proposed)
        case DeductionDropped(), Open(proposed) | Upheld(proposed) | Dropped(proposed):
            hearing = Dropped(proposed)
        case _:
            return hearings
    return MappingProxyType({**hearings, event.deduction_id: hearing})
