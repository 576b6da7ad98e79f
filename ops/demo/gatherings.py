"""One activity of the story from plan to confirmation: who comes, who is excused, who stays away, what is recorded and what declined.

Invariant: everything random is decided when a gathering is created; `announce` and `hold` only send requests.
"""

import asyncio
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from ops.demo.programme import DUTY_DAYS, DUTY_HOUR, DUTY_MINUTES, DUTY_UNITS, FLOOD, OCCASIONS, Occasion
from ops.demo.world import Community, Diligence, Member, Post, Record, World, at

GROUP = 40  # places of one activity; where more members come, it is held in several groups
PRESENCE = {Diligence.KEEN: 0.96, Diligence.STEADY: 0.8, Diligence.OCCASIONAL: 0.5, Diligence.RARE: 0.15}
EXCUSED_OF_ABSENT, ABSENT_WITHOUT_A_WORD = 0.2, 0.06
DECLINED_OF_RECORDS = 0.03
# The worked example: every duty afternoon but the last, five of the occasions, and two unexcused absences.
EXAMPLE_ATTENDS = frozenset({date(2026, 1, 24), date(2026, 4, 18), date(2026, 5, 16), date(2026, 7, 1), date(2026, 8, 8), *DUTY_DAYS[:5]})
EXAMPLE_MISSES = frozenset({date(2026, 9, 19), DUTY_DAYS[5]})


class Part(Enum):
    """What a member does in an activity."""

    ATTENDS = "ATTENDED"
    IS_EXCUSED = "EXCUSED"
    MISSES = "NO_SHOW"


@dataclass(slots=True)
class Gathering:
    """An activity of one community, with everybody's part in it."""

    community: Community
    occasion: Occasion
    parts: dict[UUID, Part]
    members: dict[UUID, Member]
    declined: frozenset[UUID] = frozenset()
    minutes: dict[UUID, int] = field(default_factory=dict)  # recorded minutes that differ from the duration
    post: Post | None = None
    group: int | None = None
    activity_id: UUID | None = None

    @property
    def title(self) -> str:
        return self.occasion.title + (f"（第{self.group}组）" if self.group else "")

    @property
    def starts_at(self) -> datetime:
        return at(self.occasion.day, self.occasion.hour)

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.occasion.minutes)

    def present(self) -> list[Member]:
        return [self.members[id_] for id_, part in self.parts.items() if part is Part.ATTENDS]


def year_of(world: World) -> list[Gathering]:
    """Every gathering of the year, by day."""
    made: list[Gathering] = []
    for occasion in OCCASIONS:
        for community in world.populated():
            if occasion.is_for_all or community.base > 2:
                made += _groups(world, community, occasion, community.members, None)
    for post in world.posts:
        for number in post.plan.duties:
            duty = Occasion(DUTY_DAYS[number], DUTY_HOUR, DUTY_MINUTES, f"{post.plan.title}值勤", "VOLUNTEER_SERVICE", post.plan.text)
            made += _groups(world, post.community, duty, post.claims.values(), post)
    flooded = world.communities["春光社区"]
    rescuers = [member for member in flooded.members if member.diligence is Diligence.KEEN][: min(GROUP, flooded.scaled(4))]
    if rescuers:
        made.append(
            Gathering(flooded, FLOOD, dict.fromkeys((each.id for each in rescuers), Part.ATTENDS), {each.id: each for each in rescuers})
        )
    return sorted(made, key=lambda each: each.starts_at)


def _groups(world: World, community: Community, occasion: Occasion, members: Iterable[Member], post: Post | None) -> Iterator[Gathering]:
    parts: dict[UUID, Part] = {}
    chosen: dict[UUID, Member] = {}
    for member in members:
        part = _part(world, member, occasion)
        if part is not None and member.reports_on < occasion.day:
            parts[member.id], chosen[member.id] = part, member
    ids = _places(list(chosen.values()), occasion)
    for start in range(0, len(ids), GROUP):
        group = ids[start : start + GROUP]
        declined = frozenset(
            id_
            for id_ in group
            if parts[id_] is Part.ATTENDS and world.chance.random() < DECLINED_OF_RECORDS and not chosen[id_].is_example
        )
        yield Gathering(
            community,
            occasion,
            {id_: parts[id_] for id_ in group},
            {id_: chosen[id_] for id_ in group},
            declined,
            post=post,
            group=start // GROUP + 1 if len(ids) > GROUP else None,
        )


def _places(willing: list[Member], occasion: Occasion) -> list[UUID]:
    """Who gets a place: everybody up to one group; of more members as many groups as a community can lead, the others another day."""
    groups = max(1, round(math.sqrt(len(willing) / GROUP)))
    if len(willing) <= groups * GROUP:
        return [member.id for member in willing]
    first = occasion.day.toordinal() * GROUP % len(willing)
    turn = sorted(willing[first:] + willing[:first], key=lambda member: not member.is_example)
    return [member.id for member in turn[: groups * GROUP]]


def _part(world: World, member: Member, occasion: Occasion) -> Part | None:
    draw, second = world.chance.random(), world.chance.random()
    if member.is_example:
        return Part.ATTENDS if occasion.day in EXAMPLE_ATTENDS else Part.MISSES if occasion.day in EXAMPLE_MISSES else None
    if draw < PRESENCE[member.diligence]:
        return Part.ATTENDS
    if second < EXCUSED_OF_ABSENT:
        return Part.IS_EXCUSED
    return Part.MISSES if second > 1 - ABSENT_WITHOUT_A_WORD else None


async def announce(world: World, gathering: Gathering, day: date) -> None:
    """Plan, publish, sign up and request leave, all on one day before the activity."""
    by, occasion, post = gathering.community.clerk, gathering.occasion, gathering.post
    body: dict[str, Any] = {
        "community_id": gathering.community.id,
        "title": gathering.title,
        "activity_type": occasion.activity_type,
        "starts_at": gathering.starts_at,
        "ends_at": gathering.ends_at,
        "place": f"{gathering.community.name}{occasion.place.removeprefix('社区')}",
        "capacity": len(gathering.parts),
        "description": occasion.content,
    }
    body |= {"post_id": post.id} if post else {}
    planned = await world.activities.result("/activities", body, by=by, at=at(day, 9))
    gathering.activity_id = UUID(planned["activity_id"])
    path = f"/activities/{gathering.activity_id}"
    await world.activities.post(f"{path}/publish", {}, by=by, at=at(day, 10))

    async def sign_up(id_: UUID, part: Part) -> None:
        caller = gathering.members[id_].caller
        await world.activities.post(f"{path}/sign-ups", {}, by=caller, at=at(day, 12))
        if part is Part.IS_EXCUSED:
            await world.activities.post(f"{path}/leave", {"reason_code": "WORK"}, by=caller, at=at(day, 14))
            await world.activities.post(f"{path}/leave/{id_}/approve", {}, by=by, at=at(day, 16))

    await asyncio.gather(*(sign_up(id_, part) for id_, part in gathering.parts.items()))


async def hold(world: World, gathering: Gathering) -> None:
    """After the activity: the team leader notes who came, the clerk logs the service, the secretary confirms or declines each record."""
    path = f"/activities/{gathering.activity_id}"
    over, community = gathering.ends_at, gathering.community
    entries = [{"member_id": id_, "attendance": part.value} for id_, part in gathering.parts.items()]
    await world.activities.post(f"{path}/attendance", {"entries": entries}, by=community.leader, at=over)
    if not gathering.present():
        return
    log = {
        "recipient_type": gathering.occasion.recipient_type,
        "content": gathering.occasion.content,
        "outcomes": gathering.occasion.outcomes,
        "entries": [_entry(gathering, member) for member in gathering.present()],
    }
    logged = await world.activities.result(f"{path}/records", log, by=community.clerk, at=over + timedelta(minutes=30))
    records = {UUID(member_id): UUID(record_id) for member_id, record_id in logged["record_ids"].items()}
    decision: dict[str, Any] = {
        "decline": [{"record_id": records[id_], "reason": "签到表上没有本人签名"} for id_ in sorted(gathering.declined)],
    }
    moment = over + timedelta(days=2)
    flagged: dict[str, list[str]] = logged.get("flagged") or {}
    if overlapping := sorted(id_ for id_, flags in flagged.items() if "OVERLAP" in flags):
        # Overlapping times need an explicit confirmation: the first attempt is refused, the second names the records.
        await world.activities.refusal(f"{path}/confirm", decision, by=community.secretary, at=moment)
        decision["accept_flagged"] = overlapping
        moment += timedelta(hours=1)
    # Of a day of more than eight hours eight count at once, the others when a second person of the community has vouched for them.
    for id_ in sorted(id_ for id_, flags in flagged.items() if "OVERLAP" not in flags):
        await world.activities.post(f"{path}/records/{id_}/vouch", {}, by=community.deputy, at=moment)
    await world.activities.post(f"{path}/confirm", decision, by=community.secretary, at=moment)
    for id_, record_id in records.items():
        if id_ not in gathering.declined:
            minutes = gathering.minutes.get(id_, gathering.occasion.minutes)
            world.records.append(Record(gathering.members[id_], _known(gathering), record_id, minutes, gathering.occasion.day))


def _entry(gathering: Gathering, member: Member) -> dict[str, Any]:
    entry: dict[str, Any] = {"member_id": member.id}
    if gathering.post is not None:
        entry["duty_units"] = DUTY_UNITS
    if member.id in gathering.minutes:
        entry["minutes"] = gathering.minutes[member.id]
    return entry


def _known(gathering: Gathering) -> UUID:
    if gathering.activity_id is None:
        raise LookupError("this activity has not been announced")
    return gathering.activity_id
