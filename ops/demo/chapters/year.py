"""Chapter 4: four quarters of activities, each announced before it begins and held on its days; records confirmed, declined, corrected.

Invariant: sign-ups and leave of one day are complete before a later day is played.
"""

from datetime import date
from uuid import UUID

from ops.demo.chapters import registration
from ops.demo.gatherings import Gathering, announce, hold, year_of
from ops.demo.world import Diligence, Member, Record, World, at

QUARTERS = (
    (date(2026, 1, 20), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 24)),
    (date(2026, 6, 25), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 12, 31)),
)
# Within half a year of launch day: whoever renews is never reminded and whoever does not is, in any order of processing.
HALF_YEARS = (date(2026, 6, 5), date(2026, 11, 18))
LATE_ARRIVALS = {1: registration.AFTER_THE_DEADLINE, 4: registration.TOO_LATE_TO_BE_RATED}
CORRECTIONS_DAY = date(2026, 9, 25)
CORRECTED_MINUTES = 30  # left half an hour early
SLIP_DAY = date(2026, 10, 17)  # where the clerk writes 60 minutes instead of 180; found by an appeal in January
SLIP_MINUTES = 60


async def tell(world: World) -> None:
    """Quarter by quarter."""
    gatherings = year_of(world)
    _plant_the_slip(world, gatherings)
    for quarter, (first, last) in enumerate(QUARTERS, 1):
        held = [each for each in gatherings if first < each.occasion.day <= last]
        await world.each(held, lambda each, day=first: announce(world, each, day))
        await world.client.settle(at(first, 18))
        if (late := LATE_ARRIVALS.get(quarter)) is not None:
            await registration.report(world, [member for member in world.members if member.reports_on == late], late)
        await world.each(held, lambda each: hold(world, each))
        await world.client.settle(at(last))
        # Records are in the order of the answers so far; sort them, so that the rest of the story is repeatable.
        world.records.sort(key=lambda record: (record.served_on, record.member.number, record.activity_id))
        await _afterwards(world, quarter)


async def _afterwards(world: World, quarter: int) -> None:
    """What happens at the end of a quarter."""
    if quarter in {2, 4}:
        await _renew(world, quarter // 2)
    if quarter == 3:
        await _correct_some(world)


def _plant_the_slip(world: World, gatherings: list[Gathering]) -> None:
    """Record too few minutes for one activity in autumn, for a member whose grade it may change."""
    for gathering in gatherings:
        if gathering.occasion.day != SLIP_DAY:
            continue
        for member in gathering.present():
            is_ordinary = not (member.is_example or member.is_probationary) and member.diligence is Diligence.STEADY
            if is_ordinary and member.id not in gathering.declined:
                gathering.minutes[member.id] = SLIP_MINUTES
                world.told["slip"] = member
                return


async def _renew(world: World, half: int) -> None:
    """Members confirm profile and willingness, most of them twice a year."""
    day = HALF_YEARS[half - 1]
    loyal = {Diligence.KEEN, Diligence.STEADY} if half == 2 else {Diligence.KEEN, Diligence.STEADY, Diligence.OCCASIONAL}
    renewing = [member for member in world.members if member.diligence in loyal and member.reports_on < day]

    async def renew(member: Member) -> None:
        await world.registration.post(f"/registrations/{member.registration_id}/renewal", {}, by=member.caller, at=at(day, 20))

    await world.each(renewing, renew)
    await world.client.settle(at(day, 21))


async def _correct_some(world: World) -> None:
    """Three members had left early; the community corrects their records, the first versions stay readable."""
    seen: set[UUID] = set()
    chosen: list[Record] = []
    for record in world.records:
        member = record.member
        if (
            record.served_on < CORRECTIONS_DAY
            and record.minutes > 150
            and not member.is_example
            and member.id not in seen
            and len(chosen) < 3
        ):
            chosen.append(record)
            seen.add(member.id)
    await world.each(chosen, lambda record: correct(world, record, record.minutes - CORRECTED_MINUTES, "提前离开三十分钟", CORRECTIONS_DAY))


async def correct(world: World, record: Record, minutes: int, reason: str, day: date) -> None:
    """The secretary corrects a confirmed record."""
    path = f"/activities/{record.activity_id}/records/{record.record_id}/correct"
    await world.activities.post(path, {"reason": reason, "minutes": minutes}, by=record.member.community.secretary, at=at(day, 15))
    record.minutes = minutes
