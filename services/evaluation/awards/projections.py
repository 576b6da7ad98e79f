"""Award rounds → tables. Votes have none: what the panel thought can be read nowhere, and so be put in no order."""

from collections.abc import Iterator
from typing import Any, Final
from uuid import UUID

from shared.contracts import evaluation as e
from shared.eventlog.envelope import Recorded

OPENED: Final = """
INSERT INTO award_rounds (district, round_id, period_id, level, community_id, title, criteria, awards, nominate_until, consent_until,
                          vote_until, notice_days, panel, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '{}', 'OPEN') ON CONFLICT DO NOTHING
"""
PANEL: Final = "UPDATE award_rounds SET panel = $3 WHERE district = $1 AND round_id = $2"
POSTED: Final = "UPDATE award_rounds SET status = 'IN_NOTICE', notice_until = $3 WHERE district = $1 AND round_id = $2"
CLOSED: Final = "UPDATE award_rounds SET status = $3, closed_on = $4 WHERE district = $1 AND round_id = $2"
NOMINATED: Final = """
INSERT INTO award_nominees (district, round_id, member_id, unit_id, community_id, grounds, reason, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'ASKED') ON CONFLICT DO NOTHING
"""
STANDS: Final = "UPDATE award_nominees SET status = $4 WHERE district = $1 AND round_id = $2 AND member_id = $3"
OBJECTED: Final = """
INSERT INTO award_objections (district, objection_id, round_id, member_id, ground, reason, raised_on, comment_until, answer_by, status)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'OPEN') ON CONFLICT DO NOTHING
"""
COMMENTED: Final = "UPDATE award_objections SET comment = $3 WHERE district = $1 AND objection_id = $2"
ANSWERED: Final = "UPDATE award_objections SET status = $3, answer = $4 WHERE district = $1 AND objection_id = $2"

Statement = tuple[str, tuple[Any, ...]]


def of_awards(event: Recorded) -> Iterator[Statement]:
    """What one event of a round does to the tables: SQL and its arguments behind the district."""
    match event.data:
        case e.AwardRoundOpened() as data:
            about = (data.round_id, data.period_id, data.level.value, data.community_id, data.title, data.criteria, data.awards)
            yield OPENED, (*about, data.nominate_until, data.consent_until, data.vote_until, data.notice_days)
        case e.AwardPanelAppointed(round_id=id_, panel=panel):
            yield PANEL, (id_, list(panel))
        case e.PublicNoticePosted(round_id=id_, until=until):
            yield POSTED, (id_, until)
        case e.AwardRoundClosed(round_id=id_, outcome=outcome, closed_on=day):
            yield CLOSED, (id_, outcome.value, day)
        case e.AwardObjected() as data:
            said = (data.ground.value, data.reason, data.raised_on, data.comment_until, data.answer_by)
            yield OBJECTED, (data.objection_id, data.round_id, data.member_id, *said)
        case e.AwardObjectionCommented(objection_id=id_, comment=comment):
            yield COMMENTED, (id_, comment)
        case e.AwardObjectionDismissed(objection_id=id_, reason=reason):
            yield ANSWERED, (id_, "DISMISSED", reason)
        case e.AwardObjectionUpheld(objection_id=id_, reason=reason) as data:
            yield ANSWERED, (id_, "UPHELD", reason)
            yield _stands(data.round_id, data.member_id, "SET_ASIDE")
        case _:
            yield from _of_nominees(event)


def _of_nominees(event: Recorded) -> Iterator[Statement]:
    match event.data:
        case e.MemberNominated() as data:
            grounds = [each.value for each in data.grounds]
            yield NOMINATED, (data.round_id, data.member_id, data.unit_id, data.community_id, grounds, data.reason)
        case e.NominationAccepted() as data:
            yield _stands(data.round_id, data.member_id, "ACCEPTED")
        case e.NominationDeclined() as data:
            yield _stands(data.round_id, data.member_id, "DECLINED")
        case e.NominationLapsed() as data:
            yield _stands(data.round_id, data.member_id, "LAPSED")
        case e.AwardDecided() as data:
            yield _stands(data.round_id, data.member_id, data.outcome.value)
        case e.AwardGranted() as data:
            yield _stands(data.round_id, data.member_id, "GRANTED")
        case _:
            pass


def _stands(round_id: UUID, member_id: UUID, status: str) -> Statement:
    return STANDS, (round_id, member_id, status)
