"""Chapter 6: both sides assess, statements are published, one appeal is upheld, one rejected, a late correction restates a statement."""

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

from ops.demo.chapters.year import CORRECTED_MINUTES, SLIP_DAY, correct
from ops.demo.world import Diligence, Member, Record, World, at

ASSESSED = date(2026, 12, 29)
PUBLISHED = date(2027, 1, 8)
APPEALED, PUT_RIGHT, DECIDED = date(2027, 1, 12), date(2027, 1, 15), date(2027, 1, 18)
FOUND_LATE = date(2027, 1, 21)
CONFIRMED = date(2027, 2, 8)
CLOSED = date(2027, 2, 26)
PUBLISH_WITHIN = 600.0  # seconds

REQUIRED_MEETINGS = 24
RUBRIC = ("JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT")
# Meetings attended, marks, tasks: the range each character moves in.
RANGES: Mapping[Diligence, tuple[range, range, range]] = {
    Diligence.KEEN: (range(22, 25), range(9, 11), range(4, 6)),
    Diligence.STEADY: (range(20, 23), range(8, 10), range(3, 5)),
    Diligence.OCCASIONAL: (range(17, 20), range(7, 9), range(2, 4)),
    Diligence.RARE: (range(10, 15), range(4, 7), range(2)),
}
EXAMPLE_ASSESSMENT = (20, 2, (10, 8, 8, 8), 4)  # attended, excused, marks, tasks
COMMENDED = 3


async def tell(world: World) -> None:
    """From the assessments to the closed period."""
    await _assess(world)
    await _publish(world)
    await _appeal(world)
    await _correct_late(world)
    await _confirm_grades(world)
    path = f"/periods/{world.period_id}/close"
    await world.evaluation.post(path, {}, by=world.admin, at=at(CLOSED))
    await world.client.settle(at(CLOSED, 12))


def case(world: World, member: Member) -> str:
    """Path of a member's case in the period."""
    return f"/periods/{world.period_id}/members/{member.id}"


async def _assess(world: World) -> None:
    """Every unit and every community assesses each of its members; communities commend a few."""
    assessments = [(member, _assessment(world, member)) for member in world.members]

    async def assess(member: Member, body: Mapping[str, Any]) -> None:
        path = f"{case(world, member)}/unit-assessment"
        await world.evaluation.post(path, body, by=member.unit.secretary, at=at(ASSESSED, 10))
        opinion = "SUPPORT_SUGGESTED" if member.diligence is Diligence.RARE else "SATISFACTORY"
        path = f"{case(world, member)}/community-assessment"
        await world.evaluation.post(path, {"opinion": opinion}, by=member.community.secretary, at=at(ASSESSED, 14))

    await world.each(assessments, lambda each: assess(*each))
    deserving = [member for member in world.members if member.diligence is Diligence.KEEN and not member.is_example]

    async def commend(member: Member) -> None:
        body = {"granted_on": ASSESSED, "reason": "全年组织文明劝导成效明显"}
        await world.evaluation.post(f"{case(world, member)}/commendations", body, by=member.community.secretary, at=at(ASSESSED, 16))

    await world.each(deserving[:COMMENDED], commend)
    await world.client.settle(at(ASSESSED, 18))


def _assessment(world: World, member: Member) -> dict[str, Any]:
    attended, marks, tasks = RANGES[member.diligence]
    drawn = (world.chance.choice(attended), 0, tuple(world.chance.choice(marks) for _ in RUBRIC), world.chance.choice(tasks))
    present, excused, marked, done = EXAMPLE_ASSESSMENT if member.is_example else drawn
    rubric: list[dict[str, Any]] = [{"item": item, "score": score} for item, score in zip(RUBRIC, marked, strict=True)]
    for line in rubric:
        if line["score"] <= 4:
            line["reason"] = "全年任务完成较少,支部已谈话提醒"
    return {"attended": present, "required": REQUIRED_MEETINGS, "excused": excused, "rubric": rubric, "unit_tasks": done}


async def _publish(world: World) -> None:
    await world.evaluation.post(f"/periods/{world.period_id}/statements", {}, by=world.admin, at=at(PUBLISHED))
    async with asyncio.timeout(PUBLISH_WITHIN):
        while not (progress := await _progress(world))["done"]:  # noqa: ASYNC110 - it happens in another process
            await asyncio.sleep(0.1)
    world.told["publication"] = progress
    await world.client.settle(at(PUBLISHED, 12))


async def _progress(world: World) -> Mapping[str, Any]:
    return await world.evaluation.get(f"/periods/{world.period_id}/progress", by=world.admin, at=at(PUBLISHED))


async def _appeal(world: World) -> None:
    """The member appeals against the clerk's error of autumn, the community corrects the record, the reviewer upholds it and restates."""
    slip: Member | None = world.told.get("slip")
    other = next((member for member in world.members if member.diligence is Diligence.OCCASIONAL and not member.is_probationary), None)
    if slip is not None:
        record = next(each for each in world.records if each.member is slip and each.served_on == SLIP_DAY)
        appeal = await _lodge(world, slip, "重阳服务三小时只记了一小时")
        await correct(world, record, 180, "核对签到表后更正服务时长", PUT_RIGHT)
        await world.client.settle(at(PUT_RIGHT, 20))
        await _decide(world, f"{appeal}/accept", "签到表与照片显示服务三小时")
    if other is not None:
        await _decide(world, f"{await _lodge(world, other, '认为岗位履行分偏低')}/reject", "经核对,值勤记录与签到一致")


async def _lodge(world: World, member: Member, grounds: str) -> str:
    path = f"{case(world, member)}/appeals"
    appeal = await world.evaluation.result(path, {"grounds": grounds}, by=member.caller, at=at(APPEALED, 20))
    await world.client.settle(at(APPEALED, 21))
    return f"{path}/{appeal['appeal_id']}"


async def _decide(world: World, decision: str, reasons: str) -> None:
    await world.evaluation.post(decision, {"reasons": reasons}, by=world.reviewer, at=at(DECIDED, 10))
    await world.client.settle(at(DECIDED, 12))


async def _correct_late(world: World) -> None:
    """A community finds an error of its own after publication."""

    def is_fit(record: Record) -> bool:
        member = record.member
        touched = {id(world.told.get("slip")), id(world.example)}
        return id(member) not in touched and member.diligence is Diligence.STEADY and not member.is_probationary and record.minutes >= 180

    record = next((record for record in reversed(world.records) if is_fit(record)), None)
    if record is not None:
        world.told["corrected_late"] = record.member
        await correct(world, record, record.minutes - CORRECTED_MINUTES, "复核签退时间,更正服务时长", FOUND_LATE)
    await world.client.settle(at(FOUND_LATE, 20))


async def _confirm_grades(world: World) -> None:
    """Each unit's Party organisation confirms the reference grades of its members, where there are any."""

    async def confirm(member: Member) -> None:
        statement = await world.evaluation.get(f"{case(world, member)}/statement", by=member.unit.secretary, at=at(CONFIRMED))
        body = {"grade": statement["grade"], "reasons": "支部大会民主评议通过"}
        await world.evaluation.post(f"{case(world, member)}/grade", body, by=member.unit.secretary, at=at(CONFIRMED))

    await world.each(world.members, confirm)
    await world.client.settle(at(CONFIRMED, 18))
