"""An award round as tests tell it: two nominees, three on the panel, days in the spring of 2027. Invented ids."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from pydantic import SecretBytes

from services.evaluation.award_notices.notice import DismissObjection, ObjectToAward, PublishResult, UpholdObjection
from services.evaluation.awards import ballots
from services.evaluation.awards.nominations import AcceptNomination, Nominate
from services.evaluation.awards.opening import OpenAwardRound
from services.evaluation.awards.panel import AppointPanel, CastVote, DecideAwards
from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardObjected,
    AwardPanelAppointed,
    AwardRoundOpened,
    MemberNominated,
    NominationAccepted,
    PanelVoteCast,
    PublicNoticePosted,
)
from shared.contracts.evaluation.codes import (
    AwardLevel,
    AwardObjectionGround,
    AwardOutcome,
    EvaluationOccasion,
    NominationGround,
    PanelOpinion,
)
from shared.contracts.event import Event
from tests.evaluation.given import COMMUNITY, MEMBER, PERIOD, UNIT

ROUND = UUID("0192abcd-0000-7000-8000-000000000001")
OTHER = UUID("0192aaaa-0000-7000-8000-000000000002")
THIRD = UUID("0192aaaa-0000-7000-8000-000000000003")
OBJECTION = UUID("0192abce-0000-7000-8000-000000000001")
PANEL = ("ann", "bao", "cai")
KEY = b"a key of evaluation's own"
START, NOMINATE, CONSENT, VOTE = date(2027, 3, 1), date(2027, 3, 10), date(2027, 3, 20), date(2027, 3, 31)
VOTING = CONSENT + timedelta(days=1)
DECIDED, NOTICE = date(2027, 4, 1), date(2027, 4, 9)
REASON = "全年坚持夜间巡逻"
EVERYBODY = frozenset({MEMBER, OTHER, THIRD})


def open_round(**changes: Any) -> OpenAwardRound:
    values: dict[str, Any] = {
        "round_id": ROUND,
        "period_id": PERIOD,
        "title": "优秀志愿服务党员",
        "criteria": "当年坚持服务,群众认可",
        "awards": 1,
        "nominate_until": NOMINATE,
        "consent_until": CONSENT,
        "vote_until": VOTE,
        "enabled": frozenset({EvaluationOccasion.AWARD_SELECTION}),
        "today": START,
    }
    return OpenAwardRound(**values | changes)


def opened(awards: int = 1, community_id: UUID | None = None) -> AwardRoundOpened:
    level = AwardLevel.COMMUNITY if community_id else AwardLevel.DISTRICT
    told = open_round(awards=awards, community_id=community_id).model_dump(exclude={"enabled", "today"})
    return AwardRoundOpened(**told, level=level)


def nominate(member_id: UUID = MEMBER, **changes: Any) -> Nominate:
    values: dict[str, Any] = {
        "member_id": member_id,
        "unit_id": UNIT,
        "registered_in": COMMUNITY,
        "grounds": (NominationGround.SUSTAINED_SERVICE,),
        "reason": REASON,
        "nominated_by": "unit secretary",
        "today": START,
    }
    return Nominate(**values | changes)


def nominated(member_id: UUID = MEMBER) -> MemberNominated:
    told = nominate(member_id).model_dump(exclude={"registered_in", "today"})
    return MemberNominated(**told, round_id=ROUND, title="优秀志愿服务党员", consent_until=CONSENT)


def accept(member_id: UUID = MEMBER, today: date = START) -> AcceptNomination:
    return AcceptNomination(member_id=member_id, today=today)


def accepted(*members: UUID) -> tuple[Event, ...]:
    """They were nominated and said yes."""
    return tuple(each for member_id in members for each in (nominated(member_id), NominationAccepted(round_id=ROUND, member_id=member_id)))


def appoint(*panel: str) -> AppointPanel:
    return AppointPanel(panel=frozenset(panel or PANEL))


APPOINTED = AwardPanelAppointed(round_id=ROUND, panel=PANEL)


def vote(voter: str, member_id: UUID = MEMBER, opinion: PanelOpinion = PanelOpinion.APPROVE, today: date = VOTING) -> CastVote:
    ballot = ballot_of(voter, member_id)
    return CastVote(member_id=member_id, voter=voter, ballot=ballot, sealed=ballots.sealed(KEY, ballot, opinion), today=today)


def ballot_of(voter: str, member_id: UUID, key: bytes = KEY) -> str:
    return ballots.ballot(key, "zhanqian", ROUND, member_id, voter)


def voted(member_id: UUID, *opinions: PanelOpinion, key: bytes = KEY) -> tuple[PanelVoteCast, ...]:
    """The panel, in order, said this of a nominee."""
    said = [(ballot_of(voter, member_id, key), opinion) for voter, opinion in zip(PANEL, opinions, strict=False)]
    ids = {"round_id": ROUND, "member_id": member_id}
    return tuple(PanelVoteCast(**ids, ballot=ballot, sealed=ballots.sealed(key, ballot, opinion)) for ballot, opinion in said)


def decide(today: date = DECIDED, registered: Collection[UUID] = EVERYBODY, key: bytes = KEY) -> DecideAwards:
    return DecideAwards(key=SecretBytes(key), registered=frozenset(registered), notice_until=NOTICE, today=today)


def decided(member_id: UUID, outcome: AwardOutcome = AwardOutcome.CHOSEN) -> AwardDecided:
    return AwardDecided(round_id=ROUND, member_id=member_id, title="优秀志愿服务党员", outcome=outcome)


def posted(*members: UUID) -> PublicNoticePosted:
    return PublicNoticePosted(round_id=ROUND, title="优秀志愿服务党员", member_ids=members, posted_on=DECIDED, until=NOTICE)


def on_notice(*members: UUID, awards: int = 1) -> tuple[Event, ...]:
    """Everything up to a public notice with these members."""
    return (opened(awards), *accepted(*members), APPOINTED, *(decided(each) for each in members), posted(*members))


def object_to(member_id: UUID = MEMBER, by: str = "neighbour", today: date = DECIDED, objection_id: UUID = OBJECTION) -> ObjectToAward:
    return ObjectToAward(
        objection_id=objection_id,
        member_id=member_id,
        ground=AwardObjectionGround.FACTS,
        reason="三月未见其巡逻",
        raised_by=by,
        today=today,
        comment_until=date(2027, 4, 8),
        answer_by=date(2027, 4, 22),
    )


def objected(member_id: UUID = MEMBER) -> AwardObjected:
    told = object_to(member_id).model_dump(exclude={"today"})
    return AwardObjected(**told, round_id=ROUND, title="优秀志愿服务党员", raised_on=DECIDED)


def uphold(by: str = "reviewer", today: date = DECIDED) -> UpholdObjection:
    return UpholdObjection(objection_id=OBJECTION, reason="核实属实", answered_by=by, today=today)


def dismiss(by: str = "reviewer") -> DismissObjection:
    return DismissObjection(objection_id=OBJECTION, reason="签到记录完整", answered_by=by)


def publish(today: date = NOTICE + timedelta(days=1), registered: Collection[UUID] = EVERYBODY) -> PublishResult:
    return PublishResult(registered=frozenset(registered), today=today)
