"""The public notice (公示): objections of everybody, heard by the nominee and answered by somebody without a hand in it, then the result.

Invariant: no award before the notice is over and every objection answered.
"""

from datetime import date
from typing import Final, assert_never
from uuid import UUID

from services.evaluation.awards.opening import lapsed, running
from services.evaluation.awards.state import AwardRound, InNotice, Nominee, Open, Raised, Standing, round_decider, standing, unanswered
from shared.contracts.evaluation.awards import (
    AwardGranted,
    AwardObjected,
    AwardObjectionCommented,
    AwardObjectionDismissed,
    AwardObjectionUpheld,
    AwardRoundClosed,
    AwardRoundOpened,
)
from shared.contracts.evaluation.codes import AwardObjectionGround, LapseCause, Reason, RoundOutcome
from shared.contracts.event import Event
from shared.decider import Command, Decider, DomainError


class ObjectToAward(Command):
    """Say what is wrong with a choice."""

    objection_id: UUID
    member_id: UUID
    ground: AwardObjectionGround
    reason: Reason
    raised_by: str
    today: date
    comment_until: date
    answer_by: date


class NotOnPublicNotice(DomainError):
    """This member is not on the public notice of the round, or its time has passed."""


class CommentOnObjection(Command):
    """The nominee's comment on it. `member_id`: who comments."""

    objection_id: UUID
    member_id: UUID
    comment: Reason


class AwardObjectionUnknown(DomainError):
    """There is no such objection in this round."""


class AwardObjectionIsAnswered(DomainError):
    """The objection has been answered, or the nominee does not stand any more."""


class UpholdObjection(Command):
    """Find that the nominee cannot have the award."""

    objection_id: UUID
    reason: Reason
    answered_by: str
    today: date


class NomineeMayStillComment(DomainError):
    """The nominee may comment until {comment_until}; uphold it after the comment or when the time has passed."""


class AnswererNotIndependent(DomainError):
    """Who objected, is nominated, has nominated or voted does not answer objections."""


class DismissObjection(Command):
    """Find that the choice was right."""

    objection_id: UUID
    reason: Reason
    answered_by: str


class PublishResult(Command):
    """Grant the awards. `registered`: nominees who still are."""

    registered: frozenset[UUID]
    today: date


class AwardNotDecided(DomainError):
    """The panel has not decided yet."""


class NoticeStillRunning(DomainError):
    """The public notice runs until {notice_until}; the result comes after it."""


class ObjectionsNotAnswered(DomainError):
    """{objections} objections are not answered yet; the result comes after them."""


NoticeCommand = ObjectToAward | CommentOnObjection | UpholdObjection | DismissObjection | PublishResult


def decide(command: NoticeCommand, state: AwardRound) -> tuple[Event, ...]:
    """What follows from a command."""
    match command:
        case ObjectToAward():
            return _object(command, state)
        case CommentOnObjection():
            return _comment(command, state)
        case UpholdObjection():
            return _uphold(command, state)
        case DismissObjection():
            return _dismiss(command, state)
        case PublishResult():
            return _publish_result(command, state)
        case _:
            assert_never(command)


def _object(command: ObjectToAward, state: AwardRound) -> tuple[Event, ...]:
    """One objection of somebody to a nominee is looked at at a time."""
    ongoing = running(state)
    if not isinstance(ongoing, InNotice) or command.today > ongoing.notice_until:
        raise NotOnPublicNotice
    nominee = ongoing.nominees.get(command.member_id)
    if nominee is None or nominee.standing is not Standing.CHOSEN:
        raise NotOnPublicNotice
    by_whom_on_whom = (command.raised_by, command.member_id)
    if any((each.raised.raised_by, each.raised.member_id) == by_whom_on_whom for each in unanswered(ongoing).values()):
        return ()
    about = ongoing.opened.model_dump(include={"round_id", "community_id", "title"})
    return (AwardObjected(**about, **command.model_dump(exclude={"today"}), raised_on=command.today),)


def _comment(command: CommentOnObjection, state: AwardRound) -> tuple[Event, ...]:
    """A later comment replaces an earlier one."""
    raised = _unanswered(command.objection_id, state)[1].raised
    if raised.member_id != command.member_id:
        raise AwardObjectionUnknown
    return (AwardObjectionCommented(round_id=raised.round_id, **command.model_dump()),)


def _uphold(command: UpholdObjection, state: AwardRound) -> tuple[Event, ...]:
    """Nobody loses an award unheard."""
    objection = _answered_by(command, state)
    if not objection.is_commented and command.today <= objection.raised.comment_until:
        raise NomineeMayStillComment(comment_until=objection.raised.comment_until.isoformat())
    about = objection.raised.model_dump(include={"objection_id", "round_id", "member_id", "title"})
    return (AwardObjectionUpheld(**about, reason=command.reason, answered_by=command.answered_by),)


def _dismiss(command: DismissObjection, state: AwardRound) -> tuple[Event, ...]:
    """With reasons, which the nominee and whoever objected can read."""
    about = _answered_by(command, state).raised.model_dump(include={"objection_id", "round_id", "member_id", "title"})
    return (AwardObjectionDismissed(**about, reason=command.reason, answered_by=command.answered_by),)


def _publish_result(command: PublishResult, state: AwardRound) -> tuple[Event, ...]:
    """Whoever is still chosen, and still registered, has the award."""
    ongoing = running(state)
    match ongoing:
        case Open():
            raise AwardNotDecided
        case InNotice(notice_until=notice_until) if command.today <= notice_until:
            raise NoticeStillRunning(notice_until=notice_until.isoformat())
        case InNotice() if waiting := unanswered(ongoing):
            raise ObjectionsNotAnswered(objections=len(waiting))
        case InNotice():
            return _result(command, ongoing)
        case _:
            assert_never(ongoing)


def _result(command: PublishResult, state: InNotice) -> tuple[Event, ...]:
    chosen = standing(state, Standing.CHOSEN)
    gone = [each for each in chosen if each.nominated.member_id not in command.registered]
    granted = [_granted(each, state.opened, command.today) for each in chosen if each not in gone]
    outcome = RoundOutcome.CONCLUDED if granted else RoundOutcome.NOBODY_CHOSEN
    closed = AwardRoundClosed(round_id=state.opened.round_id, outcome=outcome, closed_on=command.today)
    return (*lapsed(gone, LapseCause.REGISTRATION_ENDED), *granted, closed)


def _granted(nominee: Nominee, opened: AwardRoundOpened, today: date) -> AwardGranted:
    about = opened.model_dump(include={"round_id", "period_id", "level", "community_id", "title"})
    return AwardGranted(**about, member_id=nominee.nominated.member_id, granted_on=today)


def _answered_by(command: UpholdObjection | DismissObjection, state: AwardRound) -> Raised:
    notice, objection = _unanswered(command.objection_id, state)
    nominations = [each.nominated for each in notice.nominees.values()]
    had_a_hand = {each for every in nominations for each in (str(every.member_id), every.nominated_by)}
    if command.answered_by in had_a_hand | {*notice.panel, objection.raised.raised_by}:
        raise AnswererNotIndependent
    return objection


def _unanswered(objection_id: UUID, state: AwardRound) -> tuple[InNotice, Raised]:
    ongoing = running(state)
    if not isinstance(ongoing, InNotice) or objection_id not in ongoing.objections:
        raise AwardObjectionUnknown
    objection = unanswered(ongoing).get(objection_id)
    if objection is None:
        raise AwardObjectionIsAnswered
    return ongoing, objection


AWARD_NOTICE: Final[Decider[NoticeCommand, AwardRound]] = round_decider(decide)
