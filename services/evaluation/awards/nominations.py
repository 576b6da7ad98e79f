"""Nominations: by a unit or community, never by oneself, and nothing without the member's own yes, which can be taken back (G5)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.evaluation.awards.opening import running
from services.evaluation.awards.panel import PanelNotImpartial
from services.evaluation.awards.state import LIVING, AwardRound, Nominee, Running, Standing
from shared.contracts.evaluation.awards import MemberNominated, NominationAccepted, NominationDeclined
from shared.contracts.evaluation.codes import NominationGround, Reason
from shared.contracts.event import Event
from shared.decider import Command, DomainError


class Nominate(Command):
    """Nominate a member. One of `unit_id` and `community_id`: who nominates; `registered_in`: the member's community."""

    member_id: UUID
    unit_id: UUID | None = None
    community_id: UUID | None = None
    registered_in: UUID
    grounds: Annotated[tuple[NominationGround, ...], Field(min_length=1, max_length=len(NominationGround))]
    reason: Reason
    nominated_by: str
    today: date


class NominationsClosed(DomainError):
    """The time to nominate ended on {nominate_until}."""


class AlreadyNominated(DomainError):
    """This member has been nominated in this round."""


class NobodyNominatesThemselves(DomainError):
    """Nobody nominates themselves."""


class NomineeOfAnotherCommunity(DomainError):
    """A community's round is for members registered there."""


def nominate(command: Nominate, state: AwardRound) -> tuple[Event, ...]:
    """A member is nominated once per round, and is not asked again after a no."""
    ongoing = running(state)
    opened, known = ongoing.opened, ongoing.nominees.get(command.member_id)
    if known is not None and (known.nominated.unit_id, known.nominated.community_id) == (command.unit_id, command.community_id):
        return ()
    if command.today > opened.nominate_until:
        raise NominationsClosed(nominate_until=opened.nominate_until.isoformat())
    if known is not None:
        raise AlreadyNominated
    if command.nominated_by == str(command.member_id):
        raise NobodyNominatesThemselves
    if opened.community_id not in {None, command.registered_in}:
        raise NomineeOfAnotherCommunity
    if {command.nominated_by, str(command.member_id)} & set(ongoing.panel):
        raise PanelNotImpartial
    return (
        MemberNominated(
            **command.model_dump(exclude={"registered_in", "today", "grounds"}),
            round_id=opened.round_id,
            title=opened.title,
            grounds=tuple(dict.fromkeys(command.grounds)),
            consent_until=opened.consent_until,
        ),
    )


class AcceptNomination(Command):
    """The member's yes."""

    member_id: UUID
    today: date


class NotNominated(DomainError):
    """There is no such nomination."""


class ConsentWindowClosed(DomainError):
    """The time to accept the nomination ended on {consent_until}."""


class NominationIsOver(DomainError):
    """This nomination has ended."""


def accept(command: AcceptNomination, state: AwardRound) -> tuple[Event, ...]:
    """From now on the panel may see it."""
    ongoing = running(state)
    opened, nominee = ongoing.opened, _nominee(command.member_id, ongoing)
    if nominee.standing in {Standing.ACCEPTED, Standing.CHOSEN}:
        return ()
    if nominee.standing is not Standing.ASKED:
        raise NominationIsOver
    if command.today > opened.consent_until:
        raise ConsentWindowClosed(consent_until=opened.consent_until.isoformat())
    return (NominationAccepted(round_id=opened.round_id, member_id=command.member_id),)


class DeclineNomination(Command):
    """The member's no, at any time before the result."""

    member_id: UUID


def decline(command: DeclineNomination, state: AwardRound) -> tuple[Event, ...]:
    """Only the nominator is notified."""
    nominee = _nominee(command.member_id, running(state))
    if nominee.standing is Standing.DECLINED:
        return ()
    if nominee.standing not in LIVING:
        raise NominationIsOver
    about = nominee.nominated.model_dump(include={"round_id", "member_id", "unit_id", "community_id", "title"})
    return (NominationDeclined(**about),)


def _nominee(member_id: UUID, state: Running) -> Nominee:
    nominee = state.nominees.get(member_id)
    if nominee is None:
        raise NotNominated
    return nominee
