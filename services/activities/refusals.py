"""Refusals that commands of several features share; what only one feature refuses stands beside its command."""

from shared.decider import DomainError


class NotRegistered(DomainError):
    """Only members with an active registration in this district can do this."""


class AlreadyExists(DomainError):
    """This identifier is already in use."""


class NobodyConfirmsTheirOwn(DomainError):
    """Nobody confirms, corrects or decides their own matter; somebody else of the community has to."""


class WrongStep(DomainError):
    """This step does not follow from where the matter stands."""


class TermEndsBeforeItStarts(DomainError):
    """The term has to end on or after its first day."""


class ReasonIsTheCommunitys(DomainError):
    """This reason can only be given by the community."""


class FutureRecord(DomainError):
    """Service can only be recorded when it is over."""


class TwoAdultsNeeded(DomainError):
    """Nobody is alone with minors: two members take part, or another adult is named by function."""
