"""Opening an award round for an occasion that the district has enabled (G13), and calling it off."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Final, assert_never
from uuid import UUID

from pydantic import Field

from services.evaluation.awards.state import LIVING, AwardRound, InNotice, Nominee, Open, Over, Running, Unopened, standing
from services.evaluation.periods.occasions import require_enabled
from shared.contracts.evaluation.awards import AwardRoundClosed, AwardRoundOpened, Criteria, NominationLapsed
from shared.contracts.evaluation.codes import AwardLevel, EvaluationOccasion, LapseCause, Reason, RoundOutcome
from shared.contracts.event import Event
from shared.decider import Command, DomainError

LEAST_NOTICE_DAYS: Final = 5  # working days (our default): what published rules on commendations commonly ask for
MOST_NOTICE_DAYS: Final = 30
MOST_AWARDS: Final = 1000


class OpenAwardRound(Command):
    """Open a round. `community_id` None: the district's; `enabled`: occasions of the period."""

    round_id: UUID
    period_id: UUID
    community_id: UUID | None = None
    title: str
    criteria: Criteria
    awards: Annotated[int, Field(ge=1, le=MOST_AWARDS)]
    nominate_until: date
    consent_until: date
    vote_until: date
    notice_days: Annotated[int, Field(ge=LEAST_NOTICE_DAYS, le=MOST_NOTICE_DAYS)] = LEAST_NOTICE_DAYS
    enabled: frozenset[EvaluationOccasion]
    today: date


class RoundDatesOutOfOrder(DomainError):
    """Nominations end today or later, consents not before nominations, votes after consents."""


def open_round(command: OpenAwardRound, state: AwardRound) -> tuple[Event, ...]:
    """Its criteria and days do not change any more."""
    if not isinstance(state, Unopened):
        return ()
    require_enabled(EvaluationOccasion.AWARD_SELECTION, command.enabled)
    if not command.today <= command.nominate_until <= command.consent_until < command.vote_until:
        raise RoundDatesOutOfOrder
    level = AwardLevel.DISTRICT if command.community_id is None else AwardLevel.COMMUNITY
    return (AwardRoundOpened(**command.model_dump(exclude={"enabled", "today"}), level=level),)


class CallOffRound(Command):
    """End it without a result."""

    reason: Reason
    today: date


class AwardRoundUnknown(DomainError):
    """There is no such award round."""


class AwardRoundIsClosed(DomainError):
    """The award round is over."""


def call_off(command: CallOffRound, state: AwardRound) -> tuple[Event, ...]:
    """Whoever was nominated and has not declined is notified."""
    ongoing = running(state)
    closed = AwardRoundClosed(
        round_id=ongoing.opened.round_id, outcome=RoundOutcome.CALLED_OFF, closed_on=command.today, reason=command.reason
    )
    return (*lapsed(standing(ongoing, *LIVING), LapseCause.ROUND_CALLED_OFF), closed)


def lapsed(nominees: Iterable[Nominee], cause: LapseCause) -> tuple[NominationLapsed, ...]:
    """Their nominations end."""
    return tuple(
        NominationLapsed(**each.nominated.model_dump(include={"round_id", "member_id", "title"}), cause=cause) for each in nominees
    )


def running(state: AwardRound) -> Running:
    """The round, if it goes on. Raises AwardRoundUnknown or AwardRoundIsClosed."""
    match state:
        case Unopened():
            raise AwardRoundUnknown
        case Over():
            raise AwardRoundIsClosed
        case Open() | InNotice():
            return state
        case _:
            assert_never(state)
