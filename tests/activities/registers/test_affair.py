"""Open affairs in three stages, with time to comment."""

from datetime import date, timedelta
from typing import Any

from services.activities.refusals import WrongStep
from services.activities.registers.affair import AFFAIR, AffairIsOpenForComments, AnnounceAffair, ContinueAffair
from shared.contracts.activities.registers import AffairStage, OpenAffairPublished
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, DAY, some_id

AFFAIR_ID = some_id("cd", 1)


def announce(**changes: Any) -> AnnounceAffair:
    values: dict[str, Any] = {"subject": "修缮楼道路面", "text": "拟修缮三号楼前路面", "responsible": "居委会主任"}
    return AnnounceAffair(affair_id=AFFAIR_ID, community_id=COMMUNITY, today=DAY, **values | changes)


def go_on(stage: AffairStage, today: date = DAY) -> ContinueAffair:
    return ContinueAffair(stage=stage, text="进展", responsible="居委会主任", today=today)


def test_an_affair_is_shown_before_during_and_after_in_this_order():
    (before,) = Scenario(AFFAIR).when(announce()).then_events(OpenAffairPublished)
    assert before.stage is AffairStage.BEFORE
    (during,) = Scenario(AFFAIR).given(before).when(go_on(AffairStage.DURING)).then_events(OpenAffairPublished)
    Scenario(AFFAIR).given(before, during).when(go_on(AffairStage.DURING)).then_events(OpenAffairPublished)
    (after,) = Scenario(AFFAIR).given(before, during).when(go_on(AffairStage.AFTER)).then_events(OpenAffairPublished)
    assert after.subject == "修缮楼道路面"
    for given_events, stage in (((), AffairStage.DURING), ((before,), AffairStage.BEFORE), ((before, after), AffairStage.DURING)):
        Scenario(AFFAIR).given(*given_events).when(go_on(stage)).then_rejected(WrongStep)


def test_an_affair_waits_until_people_have_spoken_up():
    (before,) = Scenario(AFFAIR).when(announce(comments_until=DAY + timedelta(days=7))).then_events(OpenAffairPublished)
    early, late = DAY + timedelta(days=7), DAY + timedelta(days=8)
    Scenario(AFFAIR).given(before).when(go_on(AffairStage.DURING, early)).then_rejected(AffairIsOpenForComments)
    Scenario(AFFAIR).given(before).when(go_on(AffairStage.DURING, late)).then_events(OpenAffairPublished)
