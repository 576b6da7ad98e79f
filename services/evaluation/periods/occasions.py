"""For what the statements of a period may be used: the occasions that the district has enabled, and no other (G13)."""

from collections.abc import Collection

from shared.contracts.evaluation.codes import EvaluationOccasion
from shared.decider import DomainError


class OccasionNotEnabled(DomainError):
    """The district has not enabled this use of statements."""


def require_enabled(occasion: EvaluationOccasion, enabled: Collection[EvaluationOccasion]) -> None:
    """Raise OccasionNotEnabled unless the occasion is one of those of the period."""
    if occasion not in enabled:
        raise OccasionNotEnabled(occasion=occasion)
