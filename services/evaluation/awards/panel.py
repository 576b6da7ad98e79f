"""The panel: at least three who have nothing to do with any nomination vote in secret, and more than half of all decide.

No score, no order and no number of votes is published: only who was chosen (G9). Events hold sealed opinions under ballots, never voters.
"""

from datetime import date
from typing import Final, assert_never
from uuid import UUID

from pydantic import SecretBytes

from services.evaluation.awards import ballots
from services.evaluation.awards.opening import lapsed, running
from services.evaluation.awards.state import LIVING, AwardRound, InNotice, Nominee, Open, Standing, standing
from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardPanelAppointed,
    AwardRoundClosed,
    AwardRoundOpened,
    PanelVoteCast,
    PublicNoticePosted,
)
from shared.contracts.evaluation.codes import AwardOutcome, LapseCause, PanelOpinion, RoundOutcome
from shared.contracts.event import Event
from shared.decider import Command, DomainError

LEAST_PANEL: Final = 3


class AppointPanel(Command):
    """Name those who decide."""

    panel: frozenset[str]


class PanelTooSmall(DomainError):
    """A panel has at least {least} members."""


class PanelNotImpartial(DomainError):
    """Nobody on the panel is nominated or has nominated somebody in this round."""


class VotingHasBegun(DomainError):
    """The panel stays as it is once somebody has voted."""


class AwardIsDecided(DomainError):
    """The panel has decided."""


def appoint(command: AppointPanel, state: AwardRound) -> tuple[Event, ...]:
    """Until the first vote it can be appointed anew."""
    undecided = _undecided(state)
    panel = tuple(sorted(command.panel))
    if len(panel) < LEAST_PANEL:
        raise PanelTooSmall(least=LEAST_PANEL)
    if panel == undecided.panel:
        return ()
    if any(each.votes for each in undecided.nominees.values()):
        raise VotingHasBegun
    nominations = [each.nominated for each in standing(undecided, *LIVING)]
    if command.panel & {each for every in nominations for each in (str(every.member_id), every.nominated_by)}:
        raise PanelNotImpartial
    return (AwardPanelAppointed(round_id=undecided.opened.round_id, panel=panel),)


class CastVote(Command):
    """Vote on one nominee. `ballot`, `sealed`: the voter and the opinion, which nobody can read without the key (ballots.py)."""

    member_id: UUID
    voter: str
    ballot: str
    sealed: str
    today: date


class VotingNotOpen(DomainError):
    """The panel votes once the time to accept nominations ({consent_until}) has passed."""


class NotOnPanel(DomainError):
    """Only the panel of this round votes."""


class NotACandidate(DomainError):
    """Nobody is put before the panel without their own consent."""


def vote(command: CastVote, state: AwardRound) -> tuple[Event, ...]:
    """A later vote replaces an earlier one until the decision."""
    undecided = _undecided(state)
    if command.voter not in undecided.panel:
        raise NotOnPanel
    _require_candidates_known(undecided.opened, command.today)
    nominee = undecided.nominees.get(command.member_id)
    if nominee is None or nominee.standing is not Standing.ACCEPTED:
        raise NotACandidate
    if nominee.votes.get(command.ballot) == command.sealed:
        return ()
    return (PanelVoteCast(round_id=undecided.opened.round_id, **command.model_dump(include={"member_id", "ballot", "sealed"})),)


class DecideAwards(Command):
    """Count, and post the public notice. `key`: opens the votes; `registered`: nominees who still are; `notice_until`: its last day."""

    key: SecretBytes
    registered: frozenset[UUID]
    notice_until: date
    today: date


class VotesMissing(DomainError):
    """Votes are missing, and the panel may vote until {vote_until}."""


class VotesUnreadable(DomainError):
    """Votes were sealed with another key and cannot be counted; the panel votes again, or the round is called off."""


class MoreApprovedThanAwards(DomainError):
    """More nominees were approved than there are awards ({awards}); the panel discusses it and votes again."""


def decide_awards(command: DecideAwards, state: AwardRound) -> tuple[Event, ...]:
    """Who is not registered any more falls out; nobody chosen ends the round."""
    undecided = _undecided(state)
    opened, panel = undecided.opened, undecided.panel
    _require_candidates_known(opened, command.today)
    accepted = standing(undecided, Standing.ACCEPTED)
    gone = [each for each in accepted if each.nominated.member_id not in command.registered]
    candidates = [each for each in accepted if each not in gone]
    if candidates and len(panel) < LEAST_PANEL:
        raise PanelTooSmall(least=LEAST_PANEL)
    opinions = {each.nominated.member_id: _opinions(each, command.key) for each in candidates}
    incomplete = [each for each in candidates if len(opinions[each.nominated.member_id]) < len(panel)]
    if any(len(each.votes) > len(opinions[each.nominated.member_id]) for each in incomplete):
        raise VotesUnreadable
    if incomplete and command.today <= opened.vote_until:
        raise VotesMissing(vote_until=opened.vote_until.isoformat())
    chosen = [each for each in candidates if _is_approved(opinions[each.nominated.member_id], len(panel))]
    if len(chosen) > opened.awards:
        raise MoreApprovedThanAwards(awards=opened.awards)
    return (
        *lapsed(gone, LapseCause.REGISTRATION_ENDED),
        *(_decided(each, is_chosen=each in chosen) for each in candidates),
        _notice(command, opened, chosen)
        if chosen
        else AwardRoundClosed(round_id=opened.round_id, outcome=RoundOutcome.NOBODY_CHOSEN, closed_on=command.today),
    )


def _opinions(nominee: Nominee, key: SecretBytes) -> list[PanelOpinion]:
    """The panel's opinions, as far as the key opens them."""
    read = (ballots.opened(key.get_secret_value(), ballot, vote) for ballot, vote in nominee.votes.items())
    return [each for each in read if each is not None]


def _is_approved(opinions: list[PanelOpinion], panel: int) -> bool:
    """More than half of the whole panel, not of those who voted."""
    return opinions.count(PanelOpinion.APPROVE) * 2 > panel


def _decided(nominee: Nominee, *, is_chosen: bool) -> AwardDecided:
    outcome = AwardOutcome.CHOSEN if is_chosen else AwardOutcome.NOT_CHOSEN
    return AwardDecided(**nominee.nominated.model_dump(include={"round_id", "member_id", "title"}), outcome=outcome)


def _notice(command: DecideAwards, opened: AwardRoundOpened, chosen: list[Nominee]) -> PublicNoticePosted:
    return PublicNoticePosted(
        **opened.model_dump(include={"round_id", "community_id", "title"}),
        member_ids=tuple(each.nominated.member_id for each in chosen),
        posted_on=command.today,
        until=command.notice_until,
    )


def _undecided(state: AwardRound) -> Open:
    ongoing = running(state)
    match ongoing:
        case InNotice():
            raise AwardIsDecided
        case Open():
            return ongoing
        case _:
            assert_never(ongoing)


def _require_candidates_known(opened: AwardRoundOpened, today: date) -> None:
    if today <= opened.consent_until:
        raise VotingNotOpen(consent_until=opened.consent_until.isoformat())
