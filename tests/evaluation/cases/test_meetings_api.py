"""Attendance by kind of meeting: the unit's counts stand beside the line that they explain, and score nothing by themselves."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import pytest_asyncio

from shared.testing.harness import ServiceUnderTest
from tests.evaluation.story import Year

RUBRIC = [{"item": item, "score": 8} for item in ("JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT")]
MEETINGS = [
    {"kind": "BRANCH_ASSEMBLY", "attended": 4, "required": 4, "excused": 0},
    {"kind": "PARTY_LECTURE", "attended": 2, "required": 4, "excused": 1},
    {"kind": "THEME_DAY", "attended": 14, "required": 16, "excused": 1},
]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def year(service: ServiceUnderTest) -> Year:
    told = Year(service)
    await told.rules()
    await told.open()
    told.registers()
    told.service.now = datetime(2026, 12, 20, tzinfo=UTC)
    await told.service.settled()
    return told


async def assess(year: Year, **figures: Any) -> Any:
    return await year.service.post(f"{year.case}/unit-assessment", as_=year.unit_secretary, json={"rubric": RUBRIC, **figures})


@pytest.mark.parametrize(
    ("figures", "status", "code"),
    [
        ({}, 409, "attendance_missing"),
        ({"attended": 3}, 409, "attendance_missing"),
        ({"meetings": MEETINGS, "attended": 21, "required": 24}, 409, "attendance_sums_disagree"),
        ({"meetings": MEETINGS, "excused": 0}, 409, "attendance_sums_disagree"),
        ({"meetings": [*MEETINGS, MEETINGS[0]]}, 409, "meeting_kind_repeated"),
        ({"meetings": [{**MEETINGS[0], "excused": 1}]}, 409, "attendance_exceeds_required"),
        ({"meetings": [{**MEETINGS[0], "kind": "STUDY_APP"}]}, 422, "malformed"),
        ({"meetings": [{**MEETINGS[0], "attended": -1}]}, 422, "malformed"),
        ({"meetings": [{**MEETINGS[0], "required": 1001}]}, 422, "malformed"),
        ({"meetings": [{"kind": "THEME_DAY", "attended": 1, "required": 1}]}, 422, "malformed"),
        ({"meetings": MEETINGS * 50}, 422, "malformed"),
        ({"meetings": "twelve"}, 422, "malformed"),
    ],
)
async def test_counts_that_cannot_be_right_are_refused(year: Year, figures: dict[str, Any], status: int, code: str) -> None:
    before = len(await year.service.log())
    answer = await assess(year, **figures)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert len(await year.service.log()) == before


async def test_kinds_of_meetings_stand_beside_the_line_that_they_explain(year: Year) -> None:
    summed = await assess(year, attended=20, required=24, excused=2)
    assert summed.status_code == 200, summed.text
    before = await year.statement("live-statement")
    assert before["meetings"] == []
    counted = await assess(year, meetings=MEETINGS)
    assert counted.status_code == 200, counted.text
    await year.publish(**{str(year.member): "NOT_RATED"})
    published = await year.statement()
    assert (published["unit_score"], published["score"]) == (before["unit_score"], before["score"]), "the sum counts, as before"
    (line,) = (each for each in published["lines"] if each["rule_id"] == "U1.attendance")
    assert (line["points"], line["inputs"]["asked"], line["inputs"]["asked.THEME_DAY"]) == ("36.36", "22", "15")
    assert Decimal(line["inputs"]["done"]) == sum(Decimal(line["inputs"][f"done.{each['kind']}"]) for each in MEETINGS)
    assert [{name: each[name] for name in MEETINGS[0]} for each in published["meetings"]] == MEETINGS
    assert [(each["zh"], each["en"]) for each in published["meetings"]][1:] == [("党课", "Party lectures"), ("主题党日", "theme days")]


async def test_the_members_own_copy_has_them_too(year: Year) -> None:
    tables = (await year.service.get("/me/copy", as_=year.self_)).json()["tables"]
    (fact,) = (each for each in tables["facts"] if each["kind"] == "UNIT_ASSESSMENT" and each["revision"] == 2)
    assert (fact["data"]["required.PARTY_LECTURE"], fact["data"]["required"]) == (4, 24)
    (statement,) = tables["statements"]
    assert any(line["inputs"].get("done.PARTY_LECTURE") == "2" for line in statement["body"]["lines"])
