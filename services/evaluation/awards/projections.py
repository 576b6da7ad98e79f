"""Events of award rounds → rounds and nominees. Votes have no table: they can be read nowhere, and so be put in no order."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardGranted,
    AwardObjectionUpheld,
    AwardPanelAppointed,
    AwardRoundClosed,
    AwardRoundOpened,
    MemberNominated,
    NominationAccepted,
    NominationDeclined,
    NominationLapsed,
    PublicNoticePosted,
)
from shared.eventlog.envelope import Recorded
from shared.feature import Projections, Write
from shared.rows import change, fields, save_new


def opened(_event: Recorded, data: AwardRoundOpened) -> Iterator[Write]:
    """What it asks for, and its days."""
    about = fields(data, "period_id", "level", "community_id", "title", "criteria", "awards")
    days = fields(data, "nominate_until", "consent_until", "vote_until", "notice_days")
    yield save_new("award_rounds", fields(data, "round_id"), {**about, **days, "panel": (), "status": "OPEN"})


def appointed(_event: Recorded, data: AwardPanelAppointed) -> Iterator[Write]:
    """Who decides."""
    yield change("award_rounds", fields(data, "round_id"), {"panel": list(data.panel)})


def posted(_event: Recorded, data: PublicNoticePosted) -> Iterator[Write]:
    """On the public notice until a day."""
    yield change("award_rounds", fields(data, "round_id"), {"status": "IN_NOTICE", "notice_until": data.until})


def closed(_event: Recorded, data: AwardRoundClosed) -> Iterator[Write]:
    """With or without a result."""
    yield change("award_rounds", fields(data, "round_id"), {"status": data.outcome.value, "closed_on": data.closed_on})


def nominated(_event: Recorded, data: MemberNominated) -> Iterator[Write]:
    """The member is asked."""
    stated = fields(data, "unit_id", "community_id", "reason")
    grounds = [each.value for each in data.grounds]
    yield save_new("award_nominees", fields(data, "round_id", "member_id"), {**stated, "grounds": grounds, "status": "ASKED"})


def accepted(_event: Recorded, data: NominationAccepted) -> Iterator[Write]:
    """The panel may see it."""
    yield _status(data.round_id, data.member_id, "ACCEPTED")


def declined(_event: Recorded, data: NominationDeclined) -> Iterator[Write]:
    """The member declined, or stepped back."""
    yield _status(data.round_id, data.member_id, "DECLINED")


def lapsed(_event: Recorded, data: NominationLapsed) -> Iterator[Write]:
    """It ended without a decision."""
    yield _status(data.round_id, data.member_id, "LAPSED")


def decided(_event: Recorded, data: AwardDecided) -> Iterator[Write]:
    """The panel's decision."""
    yield _status(data.round_id, data.member_id, data.outcome.value)


def set_aside(_event: Recorded, data: AwardObjectionUpheld) -> Iterator[Write]:
    """An objection was upheld."""
    yield _status(data.round_id, data.member_id, "SET_ASIDE")


def granted(_event: Recorded, data: AwardGranted) -> Iterator[Write]:
    """The award is given."""
    yield _status(data.round_id, data.member_id, "GRANTED")


def _status(round_id: UUID, member_id: UUID, status: str) -> Write:
    return change("award_nominees", {"round_id": round_id, "member_id": member_id}, {"status": status})


PROJECTIONS: Final[Projections] = {
    AwardRoundOpened: opened,
    AwardPanelAppointed: appointed,
    PublicNoticePosted: posted,
    AwardRoundClosed: closed,
    MemberNominated: nominated,
    NominationAccepted: accepted,
    NominationDeclined: declined,
    NominationLapsed: lapsed,
    AwardDecided: decided,
    AwardObjectionUpheld: set_aside,
    AwardGranted: granted,
}
