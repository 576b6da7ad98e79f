"""Statements that commute: reordering them cannot change the result, so that rows of one kind travel together (ADR 17).

What does not commute: absences read the day of their activity, duties the term of their post, and a registration is inserted before it
is changed.
"""

from typing import Final

from services.evaluation.cases.projections import UNIT_ASSESSED
from services.evaluation.facts.projections import ABSENCE, ACTIVITY_DAY, DUTY, DUTY_CHANGED, FACT, POST_TERM
from services.evaluation.hearings.projections import DECIDED
from services.evaluation.membership.projections import CLOSED, CONFIRMED, PAUSED, REGISTERED
from shared.feature import Commuting

COMMUTING: Final[Commuting] = {
    FACT: frozenset({DUTY, DUTY_CHANGED, ABSENCE, ACTIVITY_DAY, POST_TERM, REGISTERED, CONFIRMED, UNIT_ASSESSED, DECIDED}),
    DUTY: frozenset({FACT, ABSENCE, ACTIVITY_DAY}),
    DUTY_CHANGED: frozenset({FACT, ABSENCE, ACTIVITY_DAY, POST_TERM}),
    ABSENCE: frozenset({FACT, DUTY, DUTY_CHANGED, POST_TERM}),
    ACTIVITY_DAY: frozenset({FACT, DUTY, DUTY_CHANGED, POST_TERM}),
    POST_TERM: frozenset({FACT, DUTY_CHANGED, ABSENCE, ACTIVITY_DAY}),
    REGISTERED: frozenset({FACT, CONFIRMED, PAUSED, CLOSED}),
    CONFIRMED: frozenset({FACT, PAUSED, CLOSED}),
}
