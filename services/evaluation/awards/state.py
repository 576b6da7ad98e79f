"""What is known of an award round. Folded from its events; nothing here decides. Nominees come by member id and in no other order.

The public notice decides on the same streams its own commands, by a decider made here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final, TypeVar
from uuid import UUID

from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardGranted,
    AwardObjected,
    AwardObjectionCommented,
    AwardObjectionDismissed,
    AwardObjectionUpheld,
    AwardPanelAppointed,
    AwardRoundClosed,
    AwardRoundOpened,
    MemberNominated,
    NominationAccepted,
    NominationDeclined,
    NominationLapsed,
    PanelVoteCast,
    PublicNoticePosted,
)
from shared.contracts.evaluation.codes import AwardOutcome
from shared.contracts.event import Event
from shared.decider import Command, Decider

C = TypeVar("C", bound=Command)


def _empty() -> Mapping[Any, Any]:
    return MappingProxyType({})


class Standing(StrEnum):
    """What became of a nomination so far."""

    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    LAPSED = "LAPSED"
    CHOSEN = "CHOSEN"
    NOT_CHOSEN = "NOT_CHOSEN"
    SET_ASIDE = "SET_ASIDE"  # an objection was upheld
    GRANTED = "GRANTED"


LIVING: Final = frozenset({Standing.ASKED, Standing.ACCEPTED, Standing.CHOSEN})


@dataclass(frozen=True, slots=True)
class Nominee:
    """A nominated member. `votes`: by ballot, which does not tell whose it is, and sealed."""

    nominated: MemberNominated
    standing: Standing = Standing.ASKED
    votes: Mapping[str, str] = field(default_factory=_empty)


@dataclass(frozen=True, slots=True)
class Raised:
    """An objection to a chosen nominee that nobody has answered."""

    raised: AwardObjected
    is_commented: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """An objection that was upheld or dismissed."""

    raised: AwardObjected


Objection = Raised | Answered
Nominees = Mapping[UUID, Nominee]
Objections = Mapping[UUID, Objection]


@dataclass(frozen=True, slots=True)
class Unopened:
    """Nothing has happened yet."""


@dataclass(frozen=True, slots=True)
class Open:
    """Members are nominated, asked and voted on."""

    opened: AwardRoundOpened
    panel: tuple[str, ...] = ()
    nominees: Nominees = field(default_factory=_empty)


@dataclass(frozen=True, slots=True)
class InNotice:
    """The panel has decided; whoever was chosen is on the public notice."""

    opened: AwardRoundOpened
    panel: tuple[str, ...]
    nominees: Nominees
    notice_until: date
    objections: Objections = field(default_factory=_empty)


@dataclass(frozen=True, slots=True)
class Over:
    """Ended, with or without a result. `notice_until` None: there was no public notice."""

    opened: AwardRoundOpened
    nominees: Nominees
    notice_until: date | None


Running = Open | InNotice
Opened = Open | InNotice | Over
AwardRound = Unopened | Open | InNotice | Over


def standing(state: Opened, *wanted: Standing) -> list[Nominee]:
    """Nominees with one of these standings, by member id."""
    return [each for _, each in sorted(state.nominees.items()) if each.standing in wanted]


def unanswered(state: InNotice) -> dict[UUID, Raised]:
    """Objections that somebody has to answer: not once the nominee has stepped back or another objection was upheld."""
    chosen = {each.nominated.member_id for each in standing(state, Standing.CHOSEN)}
    return {id_: each for id_, each in state.objections.items() if isinstance(each, Raised) and each.raised.member_id in chosen}


def evolve(state: AwardRound, event: Event) -> AwardRound:
    """Fold one event."""
    match event, state:
        case AwardRoundOpened(), Unopened():
            return Open(event)
        case AwardPanelAppointed(panel=panel), Open():
            return replace(state, panel=panel)
        case PublicNoticePosted(until=until), Open():
            return InNotice(opened=state.opened, panel=state.panel, nominees=state.nominees, notice_until=until)
        case AwardRoundClosed(), Open():
            return Over(state.opened, state.nominees, notice_until=None)
        case AwardRoundClosed(), InNotice():
            return Over(state.opened, state.nominees, state.notice_until)
        case _, Open():
            return replace(state, nominees=_evolve_nominees(state.nominees, event))
        case _, InNotice():
            nominees = _evolve_nominees(state.nominees, event)
            return replace(state, nominees=nominees, objections=_evolve_objections(state.objections, event))
        case _:
            return state


def _evolve_nominees(nominees: Nominees, event: Event) -> Nominees:
    match event:
        case MemberNominated():
            return MappingProxyType({**nominees, event.member_id: Nominee(event)})
        case PanelVoteCast() if event.member_id in nominees:
            nominee = nominees[event.member_id]
            voted = replace(nominee, votes=MappingProxyType({**nominee.votes, event.ballot: event.sealed}))
            return MappingProxyType({**nominees, event.member_id: voted})
        case NominationAccepted():
            return _now(nominees, event.member_id, Standing.ACCEPTED)
        case NominationDeclined():
            return _now(nominees, event.member_id, Standing.DECLINED)
        case NominationLapsed():
            return _now(nominees, event.member_id, Standing.LAPSED)
        case AwardDecided():
            is_chosen = event.outcome is AwardOutcome.CHOSEN
            return _now(nominees, event.member_id, Standing.CHOSEN if is_chosen else Standing.NOT_CHOSEN)
        case AwardObjectionUpheld():
            return _now(nominees, event.member_id, Standing.SET_ASIDE)
        case AwardGranted():
            return _now(nominees, event.member_id, Standing.GRANTED)
        case _:
            return nominees


def _now(nominees: Nominees, member_id: UUID, becomes: Standing) -> Nominees:
    nominee = nominees.get(member_id)
    return nominees if nominee is None else MappingProxyType({**nominees, member_id: replace(nominee, standing=becomes)})


def _evolve_objections(objections: Objections, event: Event) -> Objections:
    match event:
        case AwardObjected():
            objection = Raised(event)
        case AwardObjectionCommented() if isinstance(known := objections.get(event.objection_id), Raised):
            objection = replace(known, is_commented=True)
        case AwardObjectionUpheld() | AwardObjectionDismissed() if known := objections.get(event.objection_id):
            objection = Answered(known.raised)
        case _:
            return objections
    return MappingProxyType({**objections, objection.raised.objection_id: objection})


UNOPENED: Final = Unopened()


def round_decider(decide: Callable[[C, AwardRound], tuple[Event, ...]]) -> Decider[C, AwardRound]:
    """Decides some commands on award rounds. Initial state and fold are the same for all, as the folded state of a stream is remembered."""
    return Decider("award-round", UNOPENED, decide, evolve)
