"""Public notices by example: objections are heard before they are answered, and answered before there is a result."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.evaluation.award_notices.notice import (
    AWARD_NOTICE,
    AnswererNotIndependent,
    AwardNotDecided,
    AwardObjectionIsAnswered,
    AwardObjectionUnknown,
    CommentOnObjection,
    NomineeMayStillComment,
    NoticeStillRunning,
    NotOnPublicNotice,
    ObjectionsNotAnswered,
)
from shared.contracts.evaluation.awards import (
    AwardGranted,
    AwardObjected,
    AwardObjectionCommented,
    AwardObjectionDismissed,
    AwardObjectionUpheld,
    AwardRoundClosed,
    NominationDeclined,
    NominationLapsed,
)
from shared.contracts.evaluation.codes import RoundOutcome
from shared.testing.scenario import Scenario
from tests.evaluation import award_story as told
from tests.evaluation.award_story import NOTICE, OTHER, ROUND
from tests.evaluation.given import MEMBER, UNIT

DAY = timedelta(days=1)
declined = NominationDeclined(round_id=ROUND, member_id=MEMBER, unit_id=UNIT, title="优秀志愿服务党员")


def test_everybody_may_object_while_the_notice_runs():
    notice = told.on_notice(MEMBER)
    Scenario(AWARD_NOTICE).given(*notice).when(told.object_to(today=NOTICE)).then_events(AwardObjected)
    Scenario(AWARD_NOTICE).given(*notice).when(told.object_to(today=NOTICE + DAY)).then_rejected(NotOnPublicNotice)
    Scenario(AWARD_NOTICE).given(*notice).when(told.object_to(OTHER)).then_rejected(NotOnPublicNotice)
    Scenario(AWARD_NOTICE).given(told.opened(), *told.accepted(MEMBER)).when(told.object_to()).then_rejected(NotOnPublicNotice)
    again = told.object_to(objection_id=UUID(int=2))
    Scenario(AWARD_NOTICE).given(*notice, told.objected()).when(again).then_nothing()
    Scenario(AWARD_NOTICE).given(*notice, told.objected()).when(again.model_copy(update={"raised_by": "other"})).then_events(AwardObjected)


def test_nobody_loses_an_award_unheard():
    raised = (*told.on_notice(MEMBER), told.objected())
    early = Scenario(AWARD_NOTICE).given(*raised).when(told.uphold())
    early.then_rejected(NomineeMayStillComment)
    comment = CommentOnObjection(objection_id=told.OBJECTION, member_id=MEMBER, comment="三月出差,已请假")
    said = Scenario(AWARD_NOTICE).given(*raised).when(comment).then_events(AwardObjectionCommented)
    Scenario(AWARD_NOTICE).given(*raised, *said).when(told.uphold()).then_events(AwardObjectionUpheld)
    Scenario(AWARD_NOTICE).given(*raised).when(told.uphold(today=told.objected().comment_until + DAY)).then_events(AwardObjectionUpheld)
    by_another = comment.model_copy(update={"member_id": OTHER})
    Scenario(AWARD_NOTICE).given(*raised).when(by_another).then_rejected(AwardObjectionUnknown)


@pytest.mark.parametrize("by", ["neighbour", str(MEMBER), "unit secretary", "ann"])
def test_an_objection_is_answered_by_somebody_without_a_hand_in_it(by: str):
    raised = (*told.on_notice(MEMBER), told.objected())
    Scenario(AWARD_NOTICE).given(*raised).when(told.dismiss(by)).then_rejected(AnswererNotIndependent)
    Scenario(AWARD_NOTICE).given(*raised).when(told.uphold(by, NOTICE)).then_rejected(AnswererNotIndependent)


def test_an_objection_is_answered_once_and_not_after_the_nominee_fell():
    raised = (*told.on_notice(MEMBER), told.objected())
    dismissed = Scenario(AWARD_NOTICE).given(*raised).when(told.dismiss()).then_events(AwardObjectionDismissed)
    Scenario(AWARD_NOTICE).given(*raised, *dismissed).when(told.uphold(today=NOTICE)).then_rejected(AwardObjectionIsAnswered)
    Scenario(AWARD_NOTICE).given(*raised, declined).when(told.dismiss()).then_rejected(AwardObjectionIsAnswered)
    Scenario(AWARD_NOTICE).given(*told.on_notice(MEMBER)).when(told.dismiss()).then_rejected(AwardObjectionUnknown)


def test_there_is_no_result_during_the_notice_or_with_an_open_objection():
    notice = told.on_notice(MEMBER)
    Scenario(AWARD_NOTICE).given(told.opened(), *told.accepted(MEMBER)).when(told.publish()).then_rejected(AwardNotDecided)
    Scenario(AWARD_NOTICE).given(*notice).when(told.publish(today=NOTICE)).then_rejected(NoticeStillRunning)
    Scenario(AWARD_NOTICE).given(*notice, told.objected()).when(told.publish()).then_rejected(ObjectionsNotAnswered, objections=1)
    (dismissed,) = Scenario(AWARD_NOTICE).given(*notice, told.objected()).when(told.dismiss()).then_events(AwardObjectionDismissed)
    stands = Scenario(AWARD_NOTICE).given(*notice, told.objected(), dismissed).when(told.publish())
    granted, closed = stands.then_events(AwardGranted, AwardRoundClosed)
    assert (granted.member_id, granted.granted_on) == (MEMBER, NOTICE + DAY)
    assert closed.outcome is RoundOutcome.CONCLUDED


def test_an_upheld_objection_withholds_the_award_from_one_and_not_from_the_others():
    raised = (*told.on_notice(MEMBER, OTHER, awards=2), told.objected())
    upheld = Scenario(AWARD_NOTICE).given(*raised).when(told.uphold(today=NOTICE)).then_events(AwardObjectionUpheld)
    granted, _ = Scenario(AWARD_NOTICE).given(*raised, *upheld).when(told.publish()).then_events(AwardGranted, AwardRoundClosed)
    assert granted.member_id == OTHER


def test_the_day_on_which_the_nominee_may_still_comment_is_theirs():
    raised = (*told.on_notice(MEMBER), told.objected())
    last = told.objected().comment_until
    Scenario(AWARD_NOTICE).given(*raised).when(told.uphold(today=last)).then_rejected(
        NomineeMayStillComment, comment_until=last.isoformat()
    )


def test_only_who_is_still_registered_has_the_award():
    notice = told.on_notice(MEMBER, OTHER, awards=2)
    some = told.publish().model_copy(update={"registered": frozenset({OTHER})})
    lapsed, granted, closed = Scenario(AWARD_NOTICE).given(*notice).when(some).then_events(NominationLapsed, AwardGranted, AwardRoundClosed)
    assert (lapsed.member_id, granted.member_id, closed.outcome) == (MEMBER, OTHER, RoundOutcome.CONCLUDED)
    nobody = told.publish().model_copy(update={"registered": frozenset()})
    *_, closed = Scenario(AWARD_NOTICE).given(*notice).when(nobody).then_events(NominationLapsed, NominationLapsed, AwardRoundClosed)
    assert closed.outcome is RoundOutcome.NOBODY_CHOSEN
