"""Responsibility areas of four sizes."""

from typing import Any

from services.activities.neighbourhoods.area import AREA, AreaLiesInALargerOne, CloseArea, DrawArea
from services.activities.refusals import WrongStep
from shared.contracts.activities.neighbourhoods import (
    AreaSize,
    ResponsibilityAreaClosed,
    ResponsibilityAreaDrawn,
    ResponsibilityAreaRedrawn,
)
from shared.testing.scenario import Scenario
from tests.activities.given import COMMUNITY, some_id

AREA_ID, GROUP_ID = some_id("af", 1), some_id("a9", 1)


DRAFT: dict[str, Any] = {"area_id": AREA_ID, "community_id": COMMUNITY, "size": AreaSize.BUILDING, "name": "三号楼"}


drawn = ResponsibilityAreaDrawn(**DRAFT)


def test_an_area_lies_in_a_larger_one():
    Scenario(AREA).when(DrawArea(**DRAFT)).then(drawn)
    Scenario(AREA).when(DrawArea(**DRAFT, parent_size=AreaSize.TRACT)).then(drawn)
    Scenario(AREA).when(DrawArea(**DRAFT | {"size": AreaSize.ZONE}, parent_size=AreaSize.TRACT)).then_rejected(AreaLiesInALargerOne)
    Scenario(AREA).when(DrawArea(**DRAFT, parent_size=AreaSize.BUILDING)).then_rejected(AreaLiesInALargerOne)
    counted = DRAFT | {"homes": 48}
    Scenario(AREA).given(drawn).when(DrawArea(**counted)).then(ResponsibilityAreaRedrawn(**counted))
    Scenario(AREA).given(drawn).when(DrawArea(**DRAFT)).then_nothing()
    closed = ResponsibilityAreaClosed(area_id=AREA_ID, community_id=COMMUNITY, reason="拆迁")
    Scenario(AREA).given(drawn).when(CloseArea(reason="拆迁")).then(closed)
    Scenario(AREA).given(drawn, closed).when(DrawArea(**counted)).then_rejected(WrongStep)
