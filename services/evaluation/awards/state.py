"""What is known of an award round. Folded from its events; nothing here decides. Nominees stand by member id and in no other order."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from services.evaluation.awards.ballots import Vote
from shared.contracts.evaluation import (
    AwardDecided,
    AwardGranted,
    AwardObjected,
    AwardObjectionCommented,
    AwardObjectionDismissed,
    AwardObjectionUpheld,
    AwardOutcome,
    AwardPanelAppointed,
    AwardRoundClosed,
    AwardRoundOpened,
    MemberNominated,
    NominationAccepted,
    NominationDeclined,
    NominationLapsed,
    PanelVoteCast,
    PanelVoteCastV2,
    PublicNoticePosted,
)
from shared.contracts.event import Event


class Standing(StrEnum):
    """Where a nomination stands."""

    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    LAPSED = "LAPSED"
    CHOSEN = "CHOSEN"
    NOT_CHOSEN = "NOT_CHOSEN"
    SET_ASIDE = "SET_ASIDE"  # an objection was upheld
    GRANTED = "GRANTED"


LIVING = frozenset({Standing.ASKED, Standing.ACCEPTED, Standing.CHOSEN})


@dataclass(frozen=True, slots=True)
class Nominee:
    """A nominated member. `votes`: by ballot, which does not tell whose it is, and sealed."""

    nominated: MemberNominated
    standing: Standing = Standing.ASKED
    votes: Mapping[str, Vote] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection to a chosen nominee."""

    raised: AwardObjected
    is_commented: bool = False
    is_answered: bool = False


@dataclass(frozen=True, slots=True)
class AwardRound:
    """Fold of a round's stream. `opened` None: there is none."""

    opened: AwardRoundOpened | None = None
    panel: tuple[str, ...] = ()
    nominees: Mapping[UUID, Nominee] = field(default_factory=lambda: MappingProxyType({}))
    objections: Mapping[UUID, Objection] = field(default_factory=lambda: MappingProxyType({}))
    notice_until: date | None = None
    is_closed: bool = False

    @property
    def has_votes(self) -> bool:
        """Whether somebody has voted."""
        return any(each.votes for each in self.nominees.values())

    def standing(self, *wanted: Standing) -> list[Nominee]:
        """Nominees who stand like this, by member id."""
        return [each for _, each in sorted(self.nominees.items()) if each.standing in wanted]

    def is_open(self, objection: Objection) -> bool:
        """Whether somebody has to answer it: not once the nominee has stepped back or another objection was upheld."""
        nominee = self.nominees.get(objection.raised.member_id)
        return not objection.is_answered and nominee is not None and nominee.standing is Standing.CHOSEN


def evolve(state: AwardRound, event: Event) -> AwardRound:
    """Fold one event."""
    match event:
        case AwardRoundOpened():
            return replace(state, opened=event)
        case AwardPanelAppointed():
            return replace(state, panel=event.panel)
        case PublicNoticePosted():
            return replace(state, notice_until=event.until)
        case AwardRoundClosed():
            return replace(state, is_closed=True)
        case _:
            return _evolve_objections(_evolve_nominees(state, event), event)


def _evolve_nominees(state: AwardRound, event: Event) -> AwardRound:
    match event:
        case MemberNominated():
            return _with(state, Nominee(event))
        case PanelVoteCast() | PanelVoteCastV2() if event.member_id in state.nominees:
            nominee = state.nominees[event.member_id]
            vote = event.opinion if isinstance(event, PanelVoteCast) else event.sealed
            return _with(state, replace(nominee, votes=MappingProxyType({**nominee.votes, event.ballot: vote})))
        case NominationAccepted():
            return _stands(state, event.member_id, Standing.ACCEPTED)
        case NominationDeclined():
            return _stands(state, event.member_id, Standing.DECLINED)
        case NominationLapsed():
            return _stands(state, event.member_id, Standing.LAPSED)
        case AwardDecided():
            is_chosen = event.outcome is AwardOutcome.CHOSEN
            return _stands(state, event.member_id, Standing.CHOSEN if is_chosen else Standing.NOT_CHOSEN)
        case AwardObjectionUpheld():
            return _stands(state, event.member_id, Standing.SET_ASIDE)
        case AwardGranted():
            return _stands(state, event.member_id, Standing.GRANTED)
        case _:
            return state


def _evolve_objections(state: AwardRound, event: Event) -> AwardRound:
    match event:
        case AwardObjected():
            changed = Objection(event)
        case AwardObjectionCommented() if event.objection_id in state.objections:
            changed = replace(state.objections[event.objection_id], is_commented=True)
        case AwardObjectionUpheld() | AwardObjectionDismissed() if event.objection_id in state.objections:
            changed = replace(state.objections[event.objection_id], is_answered=True)
        case _:
            return state
    return replace(state, objections=MappingProxyType({**state.objections, changed.raised.objection_id: changed}))


def _stands(state: AwardRound, member_id: UUID, standing: Standing) -> AwardRound:
    nominee = state.nominees.get(member_id)
    return state if nominee is None else _with(state, replace(nominee, standing=standing))


def _with(state: AwardRound, nominee: Nominee) -> AwardRound:
    return replace(state, nominees=MappingProxyType({**state.nominees, nominee.nominated.member_id: nominee}))
