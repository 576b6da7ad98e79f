"""A district with a unit, a community and two members, told in events: what tests of notices begin with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid5

import pytest

from shared.contracts.activities.codes import ActivityType, EvidenceLevel, TimeBand
from shared.contracts.activities.posts import PostClaimed, PostEstablished
from shared.contracts.activities.records import ActivityAmended, ActivityConfirmed, ActivityPlanned, ActivitySignedUp
from shared.contracts.registration.codes import ConsentPurpose, OrganisationKind
from shared.contracts.registration.members import ConsentGiven, MemberProfileUpdated
from shared.contracts.registration.organisations import OrganisationEstablished
from shared.contracts.registration.registrations import RegistrationReceiptIssued
from shared.contracts.service_preference import PostCategory
from shared.identity import Role
from shared.testing.harness import ServiceUnderTest
from tests.notifications.conftest import MailRoom, Registration

NAMES = UUID("6d5b1a52-0a3f-5a0e-8d43-1c2a7b8e9f01")
SCHOOL_MAIL = "shiyan@example.cn"
NINE = datetime(2026, 3, 30, 1, 0, tzinfo=UTC)  # 09:00 in China
UNIT, COMMUNITY, POST, ACTIVITY = (uuid5(NAMES, name) for name in ("unit", "community", "post", "activity"))
ANNA, BO = (uuid5(NAMES, name) for name in ("member a", "member b"))


Plan = ActivityPlanned | ActivityAmended


@dataclass
class Story:
    """One district with a unit, a community and two members: one wants letters, one does not."""

    service: ServiceUnderTest
    registration: Registration
    mail: MailRoom

    def begin(self, district: str) -> None:
        self.service.district, self.service.now = district, NINE
        self.registration.addresses = {
            f"MEMBER/{ANNA}": {"name": "林晓禾", "email": "xiaohe@example.cn"},
            f"UNIT/{UNIT}": {"name": "区实验小学党支部", "email": "shiyan@example.cn"},
            f"COMMUNITY/{COMMUNITY}": {"name": "南园社区党总支", "email": "nanyuan@example.cn"},
        }
        self.service.foreign(
            OrganisationEstablished(
                organisation_id=UNIT, kind=OrganisationKind.WORK_UNIT, name="区实验小学", contact_email="shiyan@example.cn"
            ),
            OrganisationEstablished(organisation_id=COMMUNITY, kind=OrganisationKind.COMMUNITY, name="南园社区"),
            ConsentGiven(member_id=ANNA, purpose=ConsentPurpose.DIRECT_CONTACT, text_version="2026-01"),
        )

    def member(self, member_id: UUID) -> str:
        return self.service.token(Role.MEMBER, subject=str(member_id))

    def unit(self) -> str:
        return self.service.token(Role.UNIT_LIAISON, organisations=[UNIT])

    def admin(self) -> str:
        return self.service.token(Role.DISTRICT_ADMIN)

    async def inbox(self, token: str, **query: str | int) -> list[dict[str, object]]:
        answer = await self.service.get("/notices", as_=token, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    async def kinds(self, token: str) -> list[object]:
        return [notice["kind"] for notice in await self.inbox(token)]

    async def letters(self) -> list[EmailMessage]:
        await self.service.settled()
        return self.mail.letters

    def time_passes(self, **span: float) -> None:
        """Business time is what the newest event says."""
        self.service.now += timedelta(**span)
        self.service.foreign(
            MemberProfileUpdated(member_id=BO, skills=(), preferences=()), stream=f"registration/{uuid5(NAMES, str(self.service.now))}"
        )


@pytest.fixture
def story(service: ServiceUnderTest, registration: Registration, mail: MailRoom, request: pytest.FixtureRequest) -> Story:
    told = Story(service, registration, mail)
    told.begin(f"d-{uuid5(NAMES, request.node.name).hex[:12]}")
    return told


def receipt_issued(registration_id: UUID, member_id: UUID = ANNA) -> RegistrationReceiptIssued:
    return RegistrationReceiptIssued(
        registration_id=registration_id, member_id=member_id, unit_id=UNIT, community_id=COMMUNITY, receipt_no="HZ-0001"
    )


def post() -> PostEstablished:
    return PostEstablished(
        post_id=POST,
        community_id=COMMUNITY,
        title="夜间巡逻",
        category=PostCategory.PUBLIC_ORDER,
        duties="巡逻",
        place="南园",
        capacity=2,
        waiting_list_limit=5,
        agreed_units=12,
        term_start=date(2026, 1, 1),
        term_end=date(2026, 12, 31),
    )


def claimed(member_id: UUID) -> PostClaimed:
    return PostClaimed(post_id=POST, claim_id=uuid5(POST, str(member_id)), member_id=member_id, community_id=COMMUNITY, agreed_units=12)


def planned(cls: type[ActivityPlanned | ActivityAmended] = ActivityPlanned, **changes: object) -> ActivityPlanned | ActivityAmended:
    values = {
        "activity_id": ACTIVITY,
        "community_id": COMMUNITY,
        "title": "清理小广告",
        "activity_type": ActivityType.VOLUNTEER_SERVICE,
        "time_band": TimeBand.OUTSIDE_WORK_HOURS,
        "starts_at": NINE + timedelta(days=5),
        "ends_at": NINE + timedelta(days=5, hours=2),
        "place": "社区服务点",
        "capacity": 20,
    }
    return cls.model_validate(values | changes)


def signed_up(member_id: UUID) -> ActivitySignedUp:
    return ActivitySignedUp(activity_id=ACTIVITY, member_id=member_id, community_id=COMMUNITY)


def confirmed(number: int, member_id: UUID = ANNA) -> ActivityConfirmed:
    return ActivityConfirmed(
        record_id=uuid5(NAMES, f"record {number}"),
        activity_id=ACTIVITY,
        member_id=member_id,
        community_id=COMMUNITY,
        unit_id=UNIT,
        activity_type=ActivityType.VOLUNTEER_SERVICE,
        time_band=TimeBand.OUTSIDE_WORK_HOURS,
        served_on=date(2026, 3, 29),
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=2),
        minutes=120,
        evidence_level=EvidenceLevel.ORGANISER_CONFIRMED,
        confirmed_by="secretary",
    )
