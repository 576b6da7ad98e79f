"""The load: three districts are set up through the public API, then their people send commands concurrently, randomly by seed.

Every free text contains a unique mark, so that effects can be counted independently of ids.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import monotonic
from typing import Any
from uuid import UUID

from faults.history import Caller, Recorder
from shared.identity import Role

DISTRICTS = ("east", "north", "west")
MEMBERS = 5  # per unit
COMMUNITIES = UNITS = 2
ACTORS = 3  # per district, at once
THINKING = 0.25  # seconds between two requests of one actor, at most
CONSENT_TEXT = "2026-01"
RUBRIC = ("JOB_DUTIES", "BRANCH_TASKS", "JOINT_BUILDING", "COMMUNITY_SUPPORT")
RULES_BEFORE, REPORTS_BEFORE = 120, 60  # days before today


@dataclass(slots=True)
class District:
    """The people of one district, and the ids that they know."""

    name: str
    communities: list[UUID] = field(default_factory=list)
    units: list[UUID] = field(default_factory=list)
    members: dict[UUID, tuple[UUID, UUID]] = field(default_factory=dict)  # → unit, community
    period: UUID | None = None
    posts: list[tuple[UUID, UUID]] = field(default_factory=list)  # (post, community) of open posts
    claims: list[tuple[UUID, UUID, UUID]] = field(default_factory=list)  # (post, claim, member)

    def caller(self, role: Role, *organisations: UUID, subject: str | None = None) -> Caller:
        return Caller(self.name, subject or f"{role.lower()}-of-{self.name}", role, organisations)

    @property
    def admin(self) -> Caller:
        return self.caller(Role.DISTRICT_ADMIN)

    def clerk(self, community: UUID) -> Caller:
        return self.caller(Role.COMMUNITY_CLERK, community)

    def secretary(self, community: UUID) -> Caller:
        return self.caller(Role.COMMUNITY_SECRETARY, community)

    def member(self, member: UUID) -> Caller:
        return self.caller(Role.MEMBER, subject=str(member))


async def found(district: District, recorder: Recorder, settle: Callable[[], Awaitable[object]], today: date) -> None:
    """Set up organisations, rules, a period that ended yesterday, and registered members. Needs simulated clocks."""
    send = _Founding(district, recorder, settle)
    begin, reporting = (datetime.combine(today - timedelta(days=days), datetime.min.time(), UTC) for days in (RULES_BEFORE, REPORTS_BEFORE))
    await send.organisations(begin)
    await send.rules(begin, starts=(begin + timedelta(days=31)).date(), ends=today - timedelta(days=1))
    await settle()
    await send.members(reporting, district.name)
    await settle()
    await send.reports(reporting + timedelta(hours=1))
    await settle()


@dataclass(frozen=True, slots=True)
class _Founding:
    district: District
    recorder: Recorder
    settle: Callable[[], Awaitable[object]]

    async def _ask(self, caller: Caller, service: str, path: str, body: Mapping[str, Any], at: datetime) -> Mapping[str, Any]:
        result = await self.recorder.post(caller, service, path, body, at=at.isoformat())
        assert result is not None, f"{self.recorder.history.calls[-1]}: {self.recorder.history.calls[-1].attempts[-1]}"
        return result

    async def organisations(self, at: datetime) -> None:
        place = self.district
        street = await self._ask(place.admin, "registration", "/organisations", {"kind": "STREET", "name": f"{place.name}街道"}, at)
        for number in range(COMMUNITIES):
            body = {
                "kind": "COMMUNITY",
                "name": f"{place.name}第{number}社区",
                "parent_id": street["organisation_id"],
                "community_type": "学习型",
            }
            place.communities.append(UUID((await self._ask(place.admin, "registration", "/organisations", body, at))["organisation_id"]))
        for number in range(UNITS):
            body = {"kind": "WORK_UNIT", "name": f"{place.name}第{number}单位", "occupation_group": "TEACHER"}
            place.units.append(UUID((await self._ask(place.admin, "registration", "/organisations", body, at))["organisation_id"]))

    async def rules(self, at: datetime, starts: date, ends: date) -> None:
        place = self.district
        draft = {"title": f"{place.name}积分办法", "legal_basis": "示例", "version": 1, "preset": "default"}
        rules = await self._ask(place.admin, "evaluation", "/rule-sets", draft, at)
        await self._ask(place.admin, "evaluation", f"/rule-sets/{rules['rule_set_id']}/publish", {"effective_from": starts}, at)
        body = {"title": f"{place.name}本期", "starts_on": starts, "ends_on": ends, "programme_deadline": ends}
        place.period = UUID((await self._ask(place.admin, "evaluation", "/periods", body, at))["period_id"])

    async def members(self, at: datetime, mark: str) -> None:
        place = self.district

        async def enrol(serial: int) -> tuple[UUID, tuple[UUID, UUID]]:
            unit, community = place.units[serial % UNITS], place.communities[serial // UNITS % COMMUNITIES]
            body = {
                "name": f"张{'甲乙丙丁戊己庚辛壬癸'[serial]}",
                "political_status": "01",
                "phone": f"139{sum(mark.encode()):04}{serial:04}",
                "email": f"{mark}{serial}@members.example",
                "residence_community_id": community,
            }
            made = await self._ask(place.admin, "registration", f"/units/{unit}/members", body, at)
            member, consent = UUID(made["member_id"]), {"purpose": "DIRECT_CONTACT", "text_version": CONSENT_TEXT}
            await self._ask(place.member(member), "registration", f"/members/{member}/consents", consent, at)
            return member, (unit, community)

        place.members |= dict(await asyncio.gather(*map(enrol, range(UNITS * MEMBERS))))

    async def reports(self, at: datetime) -> None:
        place = self.district

        async def certify(member: UUID, unit: UUID) -> str:
            liaison = place.caller(Role.UNIT_LIAISON, unit)
            return (await self._ask(liaison, "registration", "/certificates", {"member_id": member}, at))["certificate_no"]

        async def report(member: UUID, community: UUID, number: str) -> None:
            body = {"certificate_no": number, "consent_text_version": CONSENT_TEXT}
            made = await self._ask(place.member(member), "registration", "/registrations", body, at)
            secretary = place.secretary(community)
            await self._ask(secretary, "registration", f"/registrations/{made['registration_id']}/confirmation", {}, at)

        numbers = await asyncio.gather(*(certify(member, unit) for member, (unit, _) in place.members.items()))
        await self.settle()
        reporting = [(member, community) for member, (_, community) in place.members.items()]
        await asyncio.gather(*(report(*each, number) for each, number in zip(reporting, numbers, strict=True)))


@dataclass(slots=True)
class Load:
    """The concurrent actors of all districts. `run()` ends after `stop()`."""

    districts: Sequence[District]
    recorder: Recorder
    chance: Random
    is_running: bool = True
    _serial: int = 0

    def stop(self) -> None:
        """Let every actor finish its current request."""
        self.is_running = False

    async def run(self) -> None:
        """Run all actors until stopped."""
        await asyncio.gather(*(self._act(district) for district in self.districts for _ in range(ACTORS)))

    async def until(self, commands: int, within: float) -> None:
        """Wait until `number` more commands have been answered, at most `within` seconds, or until the load is stopped."""
        goal = self._answered() + commands
        ends = monotonic() + within
        while self.is_running and self._answered() < goal and monotonic() < ends:
            await asyncio.sleep(0.05)

    def _answered(self) -> int:
        return sum(bool(each.answers) for each in self.recorder.history.calls)

    async def _act(self, district: District) -> None:
        stories = (
            self._need,
            self._post,
            self._claim,
            self._claim,
            self._release,
            self._serve,
            self._suggest,
            self._profile,
            self._found_unit,
        )
        rare = (self._assess, self._publish, self._read)
        while self.is_running:
            story = self.chance.choice(rare) if self.chance.random() < 0.2 else self.chance.choice(stories)
            await story(district)
            await asyncio.sleep(self.chance.random() * THINKING)

    def _mark(self, word: str) -> str:
        self._serial += 1
        return f"{word} mark-{self.chance.getrandbits(64):016x}"

    async def _need(self, place: District) -> None:
        community = self.chance.choice(place.communities)
        clerk = place.clerk(community)
        body = {"community_id": community, "category": "OTHER", "text": self._mark("路灯不亮"), "place": "北门"}
        need = await self.recorder.post(clerk, "activities", "/needs", body)
        if need is None or self.chance.random() >= 0.4:
            return
        if await self.recorder.post(place.secretary(community), "activities", f"/needs/{need['need_id']}/publish") is not None:
            await self.recorder.post(clerk, "activities", f"/needs/{need['need_id']}/answer", {"answer": self._mark("已修好")})

    async def _post(self, place: District) -> None:
        community = self.chance.choice(place.communities)
        today = datetime.now(UTC).date()
        body = {
            "community_id": community, "title": self._mark("巡逻岗"), "category": "PUBLIC_ORDER", "duties": "傍晚巡逻", "place": "三号楼",
            "capacity": self.chance.randint(1, 3), "waiting_list_limit": 2, "agreed_units": 4,
            "term_start": today, "term_end": today + timedelta(days=90),
        }  # fmt: skip
        post = await self.recorder.post(place.clerk(community), "activities", "/posts", body)
        if post is None:
            return
        path = f"/posts/{post['post_id']}/establish"
        if await self.recorder.post(place.secretary(community), "activities", path) is not None:
            place.posts.append((UUID(post["post_id"]), community))

    async def _claim(self, place: District) -> None:
        if not place.posts:
            return
        post, _ = self.chance.choice(place.posts[-3:])
        member = self.chance.choice(list(place.members))
        claimed = await self.recorder.post(place.member(member), "activities", f"/posts/{post}/claims")
        if claimed is not None and claimed["outcome"] == "claimed":
            place.claims.append((post, UUID(claimed["claim_id"]), member))

    async def rush(self, place: District) -> None:
        """Establish a post that all members claim at once."""
        before = len(place.posts)
        while len(place.posts) == before:
            await self._post(place)
        post, _ = place.posts[-1]
        await asyncio.gather(*(self.recorder.post(place.member(each), "activities", f"/posts/{post}/claims") for each in place.members))

    async def _release(self, place: District) -> None:
        if not place.claims:
            return
        post, claim, member = place.claims.pop(self.chance.randrange(len(place.claims)))
        await self.recorder.post(place.member(member), "activities", f"/posts/{post}/claims/{claim}/release", {"reason": "HEALTH"})

    async def _serve(self, place: District) -> None:
        community = self.chance.choice(place.communities)
        secretary = place.secretary(community)
        starts = datetime.now(UTC).replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=self.chance.randint(2, 25))
        starts += timedelta(minutes=30 * self.chance.randrange(16))
        body = {
            "community_id": community, "title": self._mark("清洁"), "activity_type": "VOLUNTEER_SERVICE", "starts_at": starts,
            "ends_at": starts + timedelta(minutes=60), "place": "广场", "six_ones_item": "VOLUNTEER_SERVICE", "unit_consent": "已同意",
        }  # fmt: skip
        activity = await self.recorder.post(secretary, "activities", "/activities", body)
        if activity is None:
            return
        path = f"/activities/{activity['activity_id']}"
        if await self.recorder.post(secretary, "activities", f"{path}/publish") is None:
            return
        present = self.chance.sample([each for each, (_, home) in place.members.items() if home == community], 2)
        entries = [{"member_id": each, "minutes": 60, "measured": True} for each in present]
        logged = {"recipient_type": "RESIDENTS", "content": self._mark("清扫"), "entries": entries, "late_reason": "补录"}
        if await self.recorder.post(secretary, "activities", f"{path}/records", logged) is not None:
            await self.recorder.post(secretary, "activities", f"{path}/confirm")

    async def _suggest(self, place: District) -> None:
        member = self.chance.choice(list(place.members))
        community = place.members[member][1]
        body = {"community_id": community, "title": self._mark("建议"), "text": "增设长椅"}
        made = await self.recorder.post(place.member(member), "activities", "/suggestions", body)
        if made is not None:
            await self.recorder.post(place.clerk(community), "activities", f"/suggestions/{made['suggestion_id']}/accept")

    async def _profile(self, place: District) -> None:
        member = self.chance.choice(list(place.members))
        body = {"skills": [f"技能{self.chance.randrange(50)}"], "preferences": ["周末"]}
        await self.recorder.post(place.member(member), "registration", f"/members/{member}/profile", body)

    async def _found_unit(self, place: District) -> None:
        body = {"kind": "WORK_UNIT", "name": self._mark("单位"), "occupation_group": "POLICE"}
        await self.recorder.post(place.admin, "registration", "/organisations", body)

    async def _assess(self, place: District) -> None:
        member = self.chance.choice(list(place.members))
        rubric = [{"item": item, "score": self.chance.randint(6, 10)} for item in RUBRIC]
        body = {"attended": self.chance.randint(10, 24), "required": 24, "rubric": rubric, "unit_tasks": 2}
        secretary = place.caller(Role.UNIT_SECRETARY, place.members[member][0])
        await self.recorder.post(secretary, "evaluation", f"/periods/{place.period}/members/{member}/unit-assessment", body)

    async def _publish(self, place: District) -> None:
        body = {"decisions": dict.fromkeys(map(str, place.members), "NOT_RATED")}  # whoever is not assessed by then
        await self.recorder.post(place.admin, "evaluation", f"/periods/{place.period}/statements", body)

    async def _read(self, place: District) -> None:
        member = place.member(self.chance.choice(list(place.members)))
        page = await self.recorder.get(member, "notifications", "/notices?unread=true&limit=5")
        if page and page["items"]:
            await self.recorder.post(member, "notifications", f"/notices/{page['items'][0]['notification_id']}/read")
