"""The published statement of a case, for whoever confirms its grade, hands it on or contests it."""

from services.evaluation.cases.state import CaseState, PublishedStatement
from shared.decider import DomainError


class StatementNotPublished(DomainError):
    """There is no published statement yet."""


class GradeUnderReview(DomainError):
    """An appeal is open: the grade is neither confirmed nor handed on."""


def published(state: CaseState) -> PublishedStatement:
    """The latest version. Raises StatementNotPublished."""
    if state.statement is None:
        raise StatementNotPublished
    return state.statement


def settled(state: CaseState, *, has_open_appeal: bool) -> PublishedStatement:
    """The statement that no appeal keeps open, here or in another case of the person. Raises StatementNotPublished, GradeUnderReview."""
    statement = published(state)
    if state.is_under_review or has_open_appeal:
        raise GradeUnderReview
    return statement
