"""The phases of an appeal against one version of a statement, and their fold. It can be taken one level up once."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from shared.contracts.evaluation.hearings import AppealAccepted, AppealEscalated, AppealLodged, AppealRejected


@dataclass(frozen=True, slots=True)
class Open:
    """Waits for its decision. `reviewers`: who decided on it one level below."""

    lodged: AppealLodged
    reviewers: frozenset[str] = frozenset()
    is_escalated: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """Decided for the member."""

    lodged: AppealLodged


@dataclass(frozen=True, slots=True)
class Rejected:
    """Decided against the member. `is_final`: there is no level above."""

    lodged: AppealLodged
    reviewers: frozenset[str]
    is_final: bool


Appeal = Open | Accepted | Rejected
Appeals = Mapping[UUID, Appeal]
AppealEvent = AppealLodged | AppealAccepted | AppealRejected | AppealEscalated


def evolve(appeals: Appeals, event: AppealEvent) -> Appeals:
    """Fold one event; one on an appeal that was never lodged changes nothing."""
    match event, appeals.get(event.appeal_id):
        case AppealLodged(), _:
            appeal = Open(event)
        case AppealAccepted(), Open(lodged):
            appeal = Accepted(lodged)
        case AppealRejected(reviewer=reviewer), Open(lodged, reviewers, is_escalated):
            appeal = Rejected(lodged, reviewers | {reviewer}, is_final=is_escalated)
        case AppealEscalated(), Rejected(lodged, reviewers):
            appeal = Open(lodged, reviewers, is_escalated=True)
        case _:
            return appeals
    return MappingProxyType({**appeals, event.appeal_id: appeal})
