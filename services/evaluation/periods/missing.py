"""What becomes of the statements of members whom a side has not assessed: decided one by one, and nobody is passed over in silence."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.evaluation.codes import Unknown
from shared.decider import DomainError

MOST_NAMED: Final = 100  # in one refusal; the list of cases has all of them
Missing = Mapping[UUID, tuple[Unknown, ...]]  # by member


class MissingDecision(StrEnum):
    """What becomes of one of them."""

    WAIT = "WAIT"  # for the assessment; a later order publishes it
    NOT_RATED = "NOT_RATED"  # published without a grade for that reason


class AssessmentsMissing(DomainError):
    """Assessments of {count} members are missing; decide on each whether to wait or to publish the statement without a grade."""


def require_decided(missing: Missing, decisions: Mapping[UUID, MissingDecision]) -> dict[MissingDecision, tuple[UUID, ...]]:
    """The members by what was decided on them. Raises AssessmentsMissing, which names those on whom nothing was."""
    if undecided := sorted(missing.keys() - decisions.keys()):
        named = [{"member_id": str(each), "missing": [*missing[each]]} for each in undecided[:MOST_NAMED]]
        raise AssessmentsMissing(count=len(undecided), members=named)
    return {each: tuple(sorted(who for who in missing if decisions[who] is each)) for each in MissingDecision}
