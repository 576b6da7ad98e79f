"""Rules that features not converted yet refuse commands by; the docstring is the English message."""

from services.activities.refusals import AlreadyExists as AlreadyExists  # noqa: PLC0414 - the features not converted yet look here
from services.activities.refusals import FutureRecord as FutureRecord  # noqa: PLC0414 - the features not converted yet look here
from services.activities.refusals import NobodyConfirmsTheirOwn as NobodyConfirmsTheirOwn  # noqa: PLC0414 - the features not converted yet look here
from services.activities.refusals import NotRegistered as NotRegistered  # noqa: PLC0414 - the features not converted yet look here
from services.activities.refusals import ReasonIsTheCommunitys as ReasonIsTheCommunitys  # noqa: PLC0414 - the features not converted yet look here
from services.activities.refusals import TermEndsBeforeItStarts as TermEndsBeforeItStarts  # noqa: PLC0414 - the features not converted yet look here
from services.activities.refusals import TwoAdultsNeeded as TwoAdultsNeeded  # noqa: PLC0414 - the features not converted yet look here
from services.activities.refusals import WrongStep as WrongStep  # noqa: PLC0414 - the features not converted yet look here
from shared.decider import DomainError


class NotInTheTeam(DomainError):
    """The member does not belong to this team."""


class ChecklistItemsUndefined(DomainError):
    """The checklist was announced with another number of items than are stated; it cannot be activated."""


class ChecklistItemsNotDistinct(DomainError):
    """Two items of the checklist have the same code."""


class ChecklistIsActive(DomainError):
    """The checklist is active; its items change no more."""


class ChecklistNotActive(DomainError):
    """The checklist is not active yet."""


class ChecklistItemUnknown(DomainError):
    """The checklist has no such item."""


class NothingToCertify(DomainError):
    """The member has no confirmed service of this community in this period."""


class ComplaintUnknown(DomainError):
    """There is no such complaint."""


class ComplaintIsAnswered(DomainError):
    """This complaint has been answered."""


class ComplaintIsAnotherDesks(DomainError):
    """Somebody else answers this complaint: whoever may be meant does not."""
