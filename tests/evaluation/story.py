"""A year of one member as other services tell it, and evaluation's own steps over HTTP: the first test vector end to end."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.activities.codes import ActivityType, Attendance, EvidenceLevel, ReleaseReason, SixOnesItem, TimeBand
from shared.contracts.activities.community import SixOnesItemCompleted, SuggestionAdopted
from shared.contracts.activities.posts import PostEstablished, PostReleased, PostTakenUp
from shared.contracts.activities.records import ActivityConfirmed, ActivityPlanned, AttendanceRecorded
from shared.contracts.registration.codes import OccupationGroup, OrganisationKind, PoliticalStatus
from shared.contracts.registration.organisations import OrganisationEstablished
from shared.contracts.registration.registrations import MemberRegistered, RegistrationConfirmed, RegistrationRenewed
from shared.contracts.service_preference import PostCategory
from shared.eventlog.envelope import Recorded
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest

_ids = itertools.count(1)


def new_id() -> UUID:
    """An id of its own."""
    return UUID(f"0192aaaa-0000-7000-8000-{next(_ids):012}")


class Year:
    """One district's year 2026 with one member, one unit, one community."""

    def __init__(self, service: ServiceUnderTest) -> None:
        """Nothing has happened yet."""
        self.service = service
        self.member, self.unit, self.community, self.post, self.claim, self.street = (new_id() for _ in range(6))
        self.registration = new_id()
        self.period = UUID(int=0)
        self.rule_set = UUID(int=0)

    # who asks
    @property
    def district_admin(self) -> str:
        return self.service.token(Role.DISTRICT_ADMIN, subject="district")

    @property
    def unit_secretary(self) -> str:
        return self.service.token(Role.UNIT_SECRETARY, subject="unit secretary", organisations=[self.unit])

    @property
    def community_secretary(self) -> str:
        return self.service.token(Role.COMMUNITY_SECRETARY, subject="community secretary", organisations=[self.community])

    @property
    def street_admin(self) -> str:
        return self.service.token(Role.STREET_ADMIN, subject="street", organisations=[self.street])

    @property
    def self_(self) -> str:
        return self.service.token(Role.MEMBER, subject=str(self.member))

    @property
    def reviewer(self) -> str:
        return self.service.token(Role.APPEAL_REVIEWER, subject="reviewer")

    @property
    def case(self) -> str:
        return f"/periods/{self.period}/members/{self.member}"

    # evaluation's own steps
    async def rules(self, preset: str = "default", version: int = 1, effective_from: str = "2026-01-01") -> UUID:
        self.service.now = datetime(2025, 11, 20, 1, 0, tzinfo=UTC)
        body = {"title": "双管双评", "legal_basis": "区委通知", "version": version, "preset": preset}
        drafted = await self.service.post("/rule-sets", as_=self.district_admin, json=body)
        assert drafted.status_code == 201, drafted.text
        self.rule_set = UUID(drafted.json()["result"]["rule_set_id"])
        path = f"/rule-sets/{self.rule_set}/publish"
        published = await self.service.post(path, as_=self.district_admin, json={"effective_from": effective_from})
        assert published.status_code == 200, published.text
        return self.rule_set

    async def open(self) -> None:
        self.service.now = datetime(2025, 12, 1, 1, 0, tzinfo=UTC)
        body = {"title": "2026年度", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "programme_deadline": "2026-03-31"}
        opened = await self.service.post("/periods", as_=self.district_admin, json=body)
        assert opened.status_code == 201, opened.text
        self.period = UUID(opened.json()["result"]["period_id"])
        await self.service.settled()

    async def assess(self) -> None:
        rubric = [
            {"item": item, "score": score}
            for item, score in (("JOB_DUTIES", 10), ("BRANCH_TASKS", 8), ("JOINT_BUILDING", 8), ("COMMUNITY_SUPPORT", 8))
        ]
        body = {"attended": 20, "required": 24, "excused": 2, "rubric": rubric, "unit_tasks": 4}
        assessed = await self.service.post(f"{self.case}/unit-assessment", as_=self.unit_secretary, json=body)
        assert assessed.status_code == 200, assessed.text
        opinion = {"opinion": "COMMENDED", "reason": "服务热心"}
        assessed = await self.service.post(f"{self.case}/community-assessment", as_=self.community_secretary, json=opinion)
        assert assessed.status_code == 200, assessed.text

    async def rate(self, activity: UUID, *stars: int) -> None:
        body = {"activity_id": str(activity), "member_id": str(self.member), "count": len(stars)}
        invited = await self.service.post("/rating-invitations", as_=self.community_secretary, json=body)
        assert invited.status_code == 201, invited.text
        for token, each in zip(invited.json()["tokens"], stars, strict=True):
            await self.resident(token, rating=each)

    async def resident(self, token: str, **body: Any) -> Any:
        headers = {"Idempotency-Key": str(self.service.key()), "Guangcai-Time": self.service.now.isoformat()}
        return await self.service.client.post(f"/districts/{self.service.district}/ratings", json={"token": token, **body}, headers=headers)

    async def publish(self, **decisions: str) -> Any:
        """`decisions` on members whom a side has not assessed."""
        self.service.now = datetime(2027, 1, 8, 1, 0, tzinfo=UTC)
        await self.service.settled()
        path = f"/periods/{self.period}/statements"
        ordered = await self.service.post(path, as_=self.district_admin, json={"decisions": decisions})
        assert ordered.status_code == 202, ordered.text
        return ordered.json()

    async def statement(self, which: str = "statement", **query: Any) -> dict[str, Any]:
        answer = await self.service.get(f"{self.case}/{which}", as_=self.self_, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    # what other services tell
    def tell(self, *events: Any, on: date = date(2026, 6, 1), stream: str | None = None) -> list[Recorded]:
        return self.service.foreign(*events, at=datetime.combine(on, time(4), UTC), stream=stream)

    def lies_in_its_street(self) -> None:
        community = OrganisationEstablished(
            organisation_id=self.community, kind=OrganisationKind.COMMUNITY, name="南园社区", parent_id=self.street
        )
        self.tell(community, on=date(2025, 12, 1), stream=f"organisation/{self.community}")

    def registers(self, reported_on: date = date(2026, 1, 1), home_district: str | None = None) -> None:
        ids: dict[str, Any] = {
            "registration_id": self.registration, "member_id": self.member, "unit_id": self.unit, "community_id": self.community,
        }  # fmt: skip
        stream = f"registration/{self.registration}"
        registered = MemberRegistered(
            **ids,
            certificate_id=new_id(),
            certificate_no=f"L-{self.registration}",
            occupation_group=OccupationGroup.TEACHER,
            political_status=PoliticalStatus.MEMBER,
            reported_on=reported_on,
            home_district=home_district,
        )
        self.tell(registered, RegistrationConfirmed(**ids), on=reported_on, stream=stream)
        for day in (date(2026, 5, 3), date(2026, 11, 3)):
            self.tell(RegistrationRenewed(**ids, renewed_on=day), on=day, stream=stream)

    def record(self, minutes: int, on: date, *, duty_units: int = 0) -> ActivityConfirmed:
        starts_at = datetime.combine(on, time(1), UTC)
        return ActivityConfirmed(
            record_id=new_id(),
            activity_id=new_id(),
            member_id=self.member,
            community_id=self.community,
            unit_id=self.unit,
            activity_type=ActivityType.VOLUNTEER_SERVICE,
            time_band=TimeBand.OUTSIDE_WORK_HOURS,
            served_on=on,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=minutes or 60),
            minutes=minutes,
            post_id=self.post if duty_units else None,
            duty_units=duty_units,
            evidence_level=EvidenceLevel.ORGANISER_CONFIRMED,
            confirmed_by="clerk",
        )

    def served(self, minutes: int, on: date, *, duty_units: int = 0) -> ActivityConfirmed:
        record = self.record(minutes, on, duty_units=duty_units)
        self.tell(record, on=on, stream=f"activity/{record.activity_id}")
        return record

    def completes(self, item: SixOnesItem) -> None:
        done = SixOnesItemCompleted(
            member_id=self.member, community_id=self.community, year=2026, item=item, source_event_id=new_id(), source_id=new_id()
        )
        self.tell(done, stream=f"checklist/{self.member}")

    def holds_post(self, agreed: int) -> None:
        ids: dict[str, Any] = {"post_id": self.post, "community_id": self.community}
        established = PostEstablished(
            **ids,
            title="夜间巡逻岗",
            category=PostCategory.PUBLIC_ORDER,
            duties="巡逻",
            place="社区",
            capacity=3,
            waiting_list_limit=0,
            agreed_units=agreed,
            term_start=date(2026, 1, 1),
            term_end=date(2026, 12, 31),
        )
        taken = PostTakenUp(**ids, claim_id=self.claim, member_id=self.member, agreed_units=agreed, taken_up_on=date(2026, 1, 1))
        self.tell(established, taken, stream=f"post/{self.post}")

    def leaves_post(self, on: date, reason: ReleaseReason = ReleaseReason.ABANDONED, *, with_notice: bool = False) -> UUID:
        left = PostReleased(
            post_id=self.post,
            claim_id=self.claim,
            member_id=self.member,
            community_id=self.community,
            reason=reason,
            released_on=on,
            notice_days=0,
            with_notice=with_notice,
            fulfilled_units=0,
            agreed_units=24,
            originally_agreed_units=24,
        )
        (released,) = self.tell(left, on=on, stream=f"post/{self.post}")
        return released.id

    def misses(self, on: date) -> UUID:
        activity_id = new_id()
        starts_at = datetime.combine(on, time(1), UTC)
        planned = ActivityPlanned(
            activity_id=activity_id,
            community_id=self.community,
            title="环境整治",
            activity_type=ActivityType.VOLUNTEER_SERVICE,
            time_band=TimeBand.OUTSIDE_WORK_HOURS,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            place="社区",
            capacity=None,
        )
        noted = self.attendance(activity_id, Attendance.NO_SHOW)
        self.tell(planned, noted, on=on, stream=f"activity/{activity_id}")
        return activity_id

    def attendance(self, activity_id: UUID, attendance: Attendance) -> AttendanceRecorded:
        return AttendanceRecorded(
            activity_id=activity_id, member_id=self.member, community_id=self.community, attendance=attendance, recorder="leader"
        )

    def adopted(self) -> None:
        suggestion_id = new_id()
        adopted = SuggestionAdopted(
            suggestion_id=suggestion_id, member_id=self.member, community_id=self.community, adopted_by="secretary", plan="增设路灯"
        )
        self.tell(adopted, stream=f"suggestion/{suggestion_id}")


async def tv1(year: Year) -> ActivityConfirmed:
    """The first test vector, told by three services; gives back one record of two and a half hours."""
    year.registers()
    for item in list(SixOnesItem)[:5]:
        year.completes(item)
    for day in range(1, 5):
        year.served(360, date(2026, 4, day))
    last = year.served(150, date(2026, 4, 5))
    year.holds_post(24)
    for day in range(1, 6):
        year.served(0, date(2026, 7, day), duty_units=4)
    year.misses(date(2026, 8, 1))
    year.misses(date(2026, 8, 8))
    year.adopted()
    year.service.now = datetime(2026, 4, 20, tzinfo=UTC)
    await year.service.settled()
    await year.rate(last.activity_id, 5, 5, 5, 5, 4, 4)
    year.service.now = datetime(2026, 12, 20, tzinfo=UTC)
    await year.assess()
    return last
