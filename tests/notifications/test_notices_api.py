"""Notices from events to inbox and letter box, on real servers. Each test tells its story in a district of its own."""

import asyncio
from datetime import date, timedelta
from email.message import EmailMessage
from uuid import UUID, uuid5

import pytest

from ops.provision import Database
from services.notifications.app import SERVICE
from shared.contracts.activities.bulletins import BulletinNamingAgreed, BulletinNamingAsked, BulletinNamingWithdrawn
from shared.contracts.activities.certificates import (
    ObjectionGround,
    ServiceCertificateObjected,
    ServiceCertificateObjectionDismissed,
    ServiceCertificateSuperseded,
)
from shared.contracts.activities.codes import ReleaseReason
from shared.contracts.activities.complaints import ComplaintAnswered, ComplaintDesk, ComplaintOutcome, ComplaintOverdue
from shared.contracts.activities.identity import MemberIdentityFollowed
from shared.contracts.activities.needs import NeedLimit, NeedReturn, ResidentNeedOverdue, ResidentNeedReturned
from shared.contracts.activities.pairings import HelpPairingJoined, HelpPairingLeft, HelpPairingPaused, HelpPairingStarted, PairingPause
from shared.contracts.activities.records import (
    ActivityAmended,
    ActivityCancelled,
    ActivityPublished,
    ActivitySignedUp,
    RecordCorrectionDeclined,
    RecordCorrectionOverdue,
    RecordCorrectionRequested,
    SignUpWaitlisted,
    SignUpWithdrawn,
)
from shared.contracts.evaluation.awards import (
    AwardDecided,
    AwardGranted,
    AwardObjected,
    AwardObjectionDismissed,
    MemberNominated,
    NominationDeclined,
)
from shared.contracts.evaluation.codes import AwardLevel, AwardObjectionGround, AwardOutcome, NominationGround
from shared.contracts.evaluation.hearings import GradeProposalRefusalTakenBack, GradeProposalRefused
from shared.contracts.evaluation.periods import RuleSetPublished
from shared.contracts.registration.changes import MemberIdentitiesMerged, RegistrationRenewalDue
from shared.contracts.registration.codes import ConsentPurpose, OrganisationKind
from shared.contracts.registration.members import ConsentGiven, ConsentWithdrawn
from shared.contracts.registration.organisations import OrganisationDissolved, OrganisationRenamed
from shared.contracts.registration.registrations import RegistrationConfirmed, RegistrationReceiptAcknowledged
from shared.contracts.registration.stories import StoryAgreed, StoryDrafted, StoryPublished, StoryRefused, StoryWithdrawn
from shared.contracts.service_preference import PostCategory
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.samples import sample
from tests.notifications.story import (
    ACTIVITY,
    ANNA,
    BO,
    COMMUNITY,
    NAMES,
    NINE,
    POST,
    UNIT,
    Story,
    claimed,
    confirmed,
    planned,
    post,
    receipt_issued,
    signed_up,
    story,
)

__all__ = ["story"]  # the fixture


async def test_a_receipt_reaches_unit_and_member_in_words(story: Story) -> None:
    story.service.foreign(receipt_issued(uuid5(NAMES, "reg")))
    (to_unit,) = await story.inbox(story.unit())
    assert to_unit["kind"] == "RECEIPT_ISSUED"
    assert to_unit["body"] == {
        "zh": "南园社区已确认贵单位一名党员的报到，回执单编号 HZ-0001。请在系统中签收。",
        "en": "南园社区 has confirmed the registration of one of your members, receipt HZ-0001. Please acknowledge it.",
    }
    assert await story.kinds(story.member(ANNA)) == ["REGISTRATION_CONFIRMED"]


async def test_letters_go_to_offices_and_to_members_who_want_them(story: Story) -> None:
    story.service.foreign(post(), claimed(ANNA), claimed(BO), receipt_issued(uuid5(NAMES, "reg"), BO))
    letters = await story.letters()
    assert sorted(str(letter["To"].addresses[0].addr_spec) for letter in letters) == ["shiyan@example.cn", "xiaohe@example.cn"]
    (to_anna,) = [letter for letter in letters if "xiaohe" in str(letter["To"])]
    assert to_anna["Subject"] == "认岗成功"
    assert to_anna["From"] == "tongzhi@guangcai.example"
    text = to_anna.get_content()
    assert text.startswith("林晓禾：您好！")
    assert "您已认领岗位“夜间巡逻”" in text
    assert "You have claimed the post “夜间巡逻”" in text
    assert sorted(map(str, await story.kinds(story.member(BO)))) == ["POST_CLAIMED", "REGISTRATION_CONFIRMED"]


async def test_the_log_holds_neither_names_nor_addresses_of_persons(story: Story) -> None:
    story.service.foreign(post(), claimed(ANNA))
    await story.letters()
    assert story.registration.asked[-1] == (story.service.district, f"/addresses/MEMBER/{ANNA}")
    stored = b"".join(event.body for event in await story.service.log())
    assert "林晓禾".encode() not in stored
    assert b"xiaohe" not in stored


async def test_confirmed_records_come_as_one_letter_next_morning(story: Story) -> None:
    story.service.foreign(planned(), *(confirmed(number) for number in range(3)))
    assert await story.letters() == []
    assert len(await story.inbox(story.member(ANNA))) == 3
    story.time_passes(hours=12)
    assert await story.letters() == []
    story.time_passes(hours=12)
    (letter,) = await story.letters()
    assert letter["Subject"] == "光彩在家园：您有 3 条新消息"
    assert letter.get_content().count("清理小广告") == 6
    counts = (await story.service.get("/notices/counts", as_=story.admin())).json()
    assert counts["letters_by_state"] == {"DELIVERED": 3}


async def test_nothing_is_sent_at_night(story: Story) -> None:
    story.service.now = NINE + timedelta(hours=13, minutes=30)  # 22:30
    story.service.foreign(post(), claimed(ANNA))
    assert await story.letters() == []
    story.time_passes(hours=8)
    assert await story.letters() == []
    story.time_passes(hours=1)
    assert len(await story.letters()) == 1


async def eventually(story: Story, name: str, number: int, within: float = 15.0) -> bool:
    """Whether the log holds `number` events of this name before the deadline; retries of intents wait by the wall clock."""
    async with asyncio.timeout(within):
        while (await story.service.names()).count(name) < number:
            await story.service.settled()
            await asyncio.sleep(0.05)
    return True


async def test_a_refused_address_is_visible_and_not_tried_again(story: Story) -> None:
    story.mail.mood = "refuse"
    story.service.foreign(post(), claimed(ANNA))
    await story.letters()
    (failed,) = (await story.service.get("/letters/failed", as_=story.admin())).json()["items"]
    assert (failed["kind"], failed["reason"], failed["attempts"]) == ("POST_CLAIMED", "ADDRESS_REFUSED", 1)
    assert await story.kinds(story.member(ANNA)) == ["POST_CLAIMED"]


async def test_a_letter_whose_fate_is_unknown_is_not_sent_twice(story: Story) -> None:
    story.mail.mood = "hang up"
    story.service.foreign(post(), claimed(ANNA))
    await story.letters()
    story.mail.mood = "take"
    story.time_passes(days=2)
    assert len([letter for letter in await story.letters() if letter["Subject"] == "认岗成功"]) == 1
    (failed,) = (await story.service.get("/letters/failed", as_=story.admin())).json()["items"]
    assert failed["reason"] == "UNKNOWN_OUTCOME"


async def test_a_member_without_address_still_has_the_inbox(story: Story) -> None:
    story.registration.addresses.pop(f"MEMBER/{ANNA}")
    story.service.foreign(post(), claimed(ANNA))
    await story.letters()
    (failed,) = (await story.service.get("/letters/failed", as_=story.admin())).json()["items"]
    assert failed["reason"] == "NO_ADDRESS"
    assert await story.kinds(story.member(ANNA)) == ["POST_CLAIMED"]


async def test_withdrawing_consent_ends_letters(story: Story) -> None:
    story.service.foreign(
        ConsentWithdrawn(member_id=ANNA, purpose=ConsentPurpose.DIRECT_CONTACT, text_version="2026-01"), post(), claimed(ANNA)
    )
    assert await story.letters() == []
    assert await story.kinds(story.member(ANNA)) == ["POST_CLAIMED"]


async def test_who_waits_for_a_place_hears_where_in_line_and_when_it_is_theirs(story: Story) -> None:
    who = {"activity_id": ACTIVITY, "member_id": ANNA, "community_id": COMMUNITY}
    story.service.foreign(planned(), ActivityPublished(activity_id=ACTIVITY, community_id=COMMUNITY), signed_up(BO))
    story.service.foreign(SignUpWaitlisted(**who, position=3))
    (waiting,) = await story.inbox(story.member(ANNA))
    assert waiting["kind"] == "SIGN_UP_WAITLISTED"
    assert "第 3 位" in str(waiting["body"])
    story.service.foreign(ActivitySignedUp(**who, from_waiting_list=True))
    assert sorted(await story.kinds(story.member(ANNA))) == ["SIGN_UP_MOVED_UP", "SIGN_UP_WAITLISTED"]
    assert await story.kinds(story.member(BO)) == []


async def test_who_recorded_a_need_hears_why_it_was_returned_and_its_community_what_is_overdue(story: Story) -> None:
    need = {"need_id": uuid5(NAMES, "need"), "community_id": COMMUNITY, "category": PostCategory.OTHER}
    returned = {"reason_code": NeedReturn.PERSONAL_DATA, "reason": "能看出是哪一户", "returned_by": "clerk"}
    story.service.foreign(ResidentNeedReturned(**need, **returned), ResidentNeedReturned(**need, **returned, member_id=ANNA))
    (notice,) = await story.inbox(story.member(ANNA))
    assert notice["kind"] == "NEED_RETURNED"
    assert "涉及可识别的个人信息。说明：能看出是哪一户" in str(notice["body"])
    story.service.foreign(ResidentNeedOverdue(**need, limit=NeedLimit.FIRST_LOOK, due_on=date(2026, 1, 9)))
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    (overdue,) = await story.inbox(clerk)
    assert "初审已超过期限（2026-01-09）" in str(overdue["body"])


async def test_g10_a_request_for_a_correction_is_told_to_the_community_and_its_passed_day_to_both(story: Story) -> None:
    record = {"record_id": uuid5(NAMES, "record"), "activity_id": ACTIVITY, "member_id": ANNA, "community_id": COMMUNITY}
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    story.service.foreign(planned(), RecordCorrectionRequested(**record, request="应为四小时"))
    assert await story.inbox(clerk) == []  # recorded when nobody promised a day
    story.service.foreign(RecordCorrectionRequested(**record, request="应为四小时", answer_by=date(2026, 4, 14)))
    (asked,) = await story.inbox(clerk)
    assert "请在2026-04-14前核实" in str(asked["body"])
    assert "四小时" not in str(asked["body"])  # what was asked is read where the record is
    story.service.foreign(RecordCorrectionOverdue(**record, due_on=date(2026, 4, 14)))
    assert sorted(await story.kinds(clerk)) == ["CORRECTION_OVERDUE", "CORRECTION_REQUESTED"]
    (unanswered,) = await story.inbox(story.member(ANNA))
    assert "您的申请仍然有效" in str(unanswered["body"])
    story.service.foreign(RecordCorrectionDeclined(**record, reason="签到表为三小时"))
    assert sorted(await story.kinds(story.member(ANNA))) == ["CORRECTION_DECLINED", "CORRECTION_UNANSWERED"]


async def test_g4_a_member_takes_away_the_own_notices(story: Story) -> None:
    story.service.foreign(post(), claimed(ANNA), claimed(BO))
    (own,) = await story.inbox(story.member(ANNA))
    copy = (await story.service.get("/me/copy", as_=story.member(ANNA))).json()["tables"]
    assert {each["notification_id"] for each in copy["notice"] if each["channel"] == "INBOX"} == {own["notification_id"]}
    assert [each["member_id"] for each in copy["member"]] == [str(ANNA)]
    assert (await story.service.get("/me/copy", as_=story.unit())).status_code == 403


async def test_g17_whoever_complained_hears_when_it_is_passed_up_and_what_came_of_it(story: Story) -> None:
    complaint = {"complaint_id": uuid5(NAMES, "complaint")}
    overdue = {"due_on": date(2026, 4, 14), "passed_up_to": ComplaintDesk.DISTRICT}
    answered = {"outcome": ComplaintOutcome.REMEDIED, "answer": "今后只填一次", "answered_by": "street"}
    story.service.foreign(ComplaintOverdue(**complaint, **overdue, member_id=ANNA))
    (passed_up,) = await story.inbox(story.member(ANNA))
    assert "可由区答复" in str(passed_up["body"])
    story.service.foreign(ComplaintAnswered(**complaint, **answered, unit_id=UNIT))
    (told,) = await story.inbox(story.unit())
    assert "已答复（已整改）：今后只填一次" in str(told["body"])
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    assert await story.inbox(clerk) == []


async def test_a_story_waits_for_the_member_and_its_side_hears_the_answer_without_a_reason(story: Story) -> None:
    of_unit = {"story_id": uuid5(NAMES, "story"), "member_id": ANNA, "unit_id": UNIT, "text_version": 1}
    of_community = {**of_unit, "story_id": uuid5(NAMES, "other story"), "unit_id": None, "community_id": COMMUNITY}
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    for facts in (of_unit, of_community):
        story.service.foreign(StoryDrafted(**facts, title_sealed="c2VhbGVk", text_sealed="c2VhbGVk", drafted_on=date(2026, 3, 30)))
    assert await story.kinds(story.member(ANNA)) == ["STORY_WAITS", "STORY_WAITS"]
    assert [await story.inbox(each) for each in (story.unit(), clerk)] == [[], []]
    story.service.foreign(StoryAgreed(**of_unit), StoryRefused(**of_community))
    assert [await story.kinds(each) for each in (story.unit(), clerk)] == [["STORY_AGREED"], ["STORY_NOT_AGREED"]]
    story.service.foreign(StoryPublished(**of_unit), StoryWithdrawn(**of_unit, withdrawn_on=date(2026, 3, 31)))
    assert sorted(await story.kinds(story.unit())) == ["STORY_AGREED", "STORY_NOT_AGREED"]
    assert "c2VhbGVk" not in str([event.body for event in await story.service.log()])


async def test_who_is_asked_to_be_named_in_a_bulletin_hears_of_it_and_nobody_else(story: Story) -> None:
    bulletin = {"bulletin_id": uuid5(NAMES, "bulletin"), "community_id": COMMUNITY, "month": "2026-03"}
    story.service.foreign(BulletinNamingAsked(**bulletin, member_id=ANNA, asked_by="clerk"))
    (told,) = await story.inbox(story.member(ANNA))
    assert "2026-03 活动简报" in str(told["title"])
    story.service.foreign(BulletinNamingAgreed(**bulletin, member_id=ANNA), BulletinNamingWithdrawn(**bulletin, member_id=ANNA))
    assert await story.kinds(story.member(ANNA)) == ["BULLETIN_NAMING_ASKED"]
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    assert await story.inbox(clerk) == []


async def test_an_objection_to_a_certificate_is_heard_of_by_the_community_and_openly_by_the_member(story: Story) -> None:
    certificate = {"certificate_id": uuid5(NAMES, "cf"), "certificate_no": "FW-2026-1", "member_id": ANNA, "community_id": COMMUNITY}
    objection = {**certificate, "objection_id": uuid5(NAMES, "objection")}
    raised = {"ground": ObjectionGround.HOURS, "reason": "当天只有一小时", "raised_by": "neighbour"}
    story.service.foreign(ServiceCertificateObjected(**objection, **raised))
    (told,) = await story.inbox(story.member(ANNA))
    assert "时长不符" in str(told["body"])
    assert "当天只有一小时" in str(told["body"])
    assert "neighbour" not in str(told)
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    assert await story.kinds(clerk) == ["SERVICE_CERTIFICATE_OBJECTION_RECEIVED"]
    story.service.foreign(ServiceCertificateObjectionDismissed(**objection, reason="核对无误", dismissed_by="clerk"))
    changed = {"record_id": uuid5(NAMES, "record"), "caused_by_event_id": uuid5(NAMES, "cause")}
    story.service.foreign(ServiceCertificateSuperseded(**certificate, **changed))
    kinds = {"SERVICE_CERTIFICATE_OBJECTED", "SERVICE_CERTIFICATE_OBJECTION_DISMISSED", "SERVICE_CERTIFICATE_SUPERSEDED"}
    assert set(await story.kinds(story.member(ANNA))) == kinds


async def test_a_nominee_is_asked_and_only_the_nominator_hears_of_a_no(story: Story) -> None:
    nomination = {"round_id": uuid5(NAMES, "round"), "member_id": ANNA, "unit_id": UNIT, "title": "优秀志愿服务党员"}
    asked = {"grounds": (NominationGround.POST_DUTY,), "reason": "全年值守", "consent_until": date(2027, 3, 20)}
    story.service.foreign(MemberNominated(**nomination, **asked, nominated_by="secretary"))
    (told,) = await story.inbox(story.member(ANNA))
    assert "“优秀志愿服务党员”。提名理由：全年值守。请在2027-03-20前选择同意或不同意" in str(told["body"])
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    story.service.foreign(NominationDeclined(**nomination))
    assert await story.kinds(story.unit()) == ["NOMINATION_DECLINED"]
    assert await story.kinds(story.member(ANNA)) == ["NOMINATED_FOR_AWARD"]
    assert await story.kinds(clerk) == []
    by_community = {**nomination, "unit_id": None, "community_id": COMMUNITY}
    story.service.foreign(NominationDeclined(**by_community))
    assert await story.kinds(clerk) == ["NOMINATION_DECLINED"]
    assert await story.kinds(story.unit()) == ["NOMINATION_DECLINED"]


async def test_a_nominee_hears_of_decision_objection_and_result_and_the_community_what_to_answer(story: Story) -> None:
    award = {"round_id": uuid5(NAMES, "round"), "member_id": ANNA, "title": "优秀志愿服务党员"}
    story.service.foreign(AwardDecided(**award, outcome=AwardOutcome.CHOSEN))
    (decided,) = await story.inbox(story.member(ANNA))
    assert "拟授予您，现已公示" in str(decided["body"])
    objection = {**award, "objection_id": uuid5(NAMES, "objection")}
    days = {"raised_on": date(2027, 4, 1), "comment_until": date(2027, 4, 8), "answer_by": date(2027, 4, 22)}
    raised = {"ground": AwardObjectionGround.FACTS, "reason": "三月未见其巡逻", "raised_by": "neighbour", "community_id": COMMUNITY}
    story.service.foreign(AwardObjected(**objection, **raised, **days))
    told = {str(notice["kind"]): notice for notice in await story.inbox(story.member(ANNA))}
    assert "事迹不实。内容：三月未见其巡逻。请在2027-04-08前说明情况" in str(told["AWARD_OBJECTED"]["body"])
    assert "neighbour" not in str(told)
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    (received,) = await story.inbox(clerk)
    assert "2027-04-22前核实答复" in str(received["body"])
    story.service.foreign(
        AwardObjectionDismissed(**objection, reason="记录完整", answered_by="reviewer"),
        AwardGranted(**award, period_id=uuid5(NAMES, "period"), level=AwardLevel.DISTRICT, granted_on=date(2027, 4, 12)),
    )
    assert set(await story.kinds(story.member(ANNA))) == {"AWARD_DECIDED", "AWARD_OBJECTED", "AWARD_OBJECTION_DISMISSED", "AWARD_GRANTED"}
    assert await story.kinds(clerk) == ["AWARD_OBJECTION_RECEIVED"]


async def test_helpers_hear_when_their_pairing_starts_and_rests_and_its_community_what_is_missing(story: Story) -> None:
    pairing = {"pairing_id": uuid5(NAMES, "pairing"), "community_id": COMMUNITY}
    joined = [HelpPairingJoined(**pairing, member_id=each) for each in (ANNA, BO)]
    story.service.foreign(*joined, HelpPairingStarted(**pairing, member_ids=(ANNA, BO)))
    assert await story.kinds(story.member(ANNA)) == await story.kinds(story.member(BO)) == ["HELP_PAIRING_STARTED"]
    left = HelpPairingLeft(**pairing, member_id=BO, reason=ReleaseReason.CARE)
    story.service.foreign(left, HelpPairingPaused(**pairing, cause=PairingPause.TOO_FEW_HELPERS))
    told = {str(notice["kind"]): str(notice["body"]) for notice in await story.inbox(story.member(ANNA))}
    assert "南园社区" in told["HELP_PAIRING_PAUSED"]
    assert "帮扶人数不足" in told["HELP_PAIRING_PAUSED"]
    assert await story.kinds(story.member(BO)) == ["HELP_PAIRING_STARTED"]
    clerk = story.service.token(Role.COMMUNITY_CLERK, organisations=[COMMUNITY])
    assert await story.kinds(clerk) == ["HELP_PAIRING_LACKS_SOMETHING"]


async def test_a_cancelled_activity_reaches_those_signed_up_and_reminds_nobody(story: Story) -> None:
    story.service.foreign(planned(), ActivityPublished(activity_id=ACTIVITY, community_id=COMMUNITY), signed_up(ANNA), signed_up(BO))
    story.service.foreign(SignUpWithdrawn(activity_id=ACTIVITY, member_id=BO, community_id=COMMUNITY))
    story.service.foreign(ActivityCancelled(activity_id=ACTIVITY, community_id=COMMUNITY, reason="大雨"))
    story.time_passes(days=4, hours=1)
    (cancelled,) = await story.inbox(story.member(ANNA))
    assert cancelled["kind"] == "ACTIVITY_CANCELLED"
    assert "清理小广告”（原定2026-04-04 09:00）已取消。原因：大雨" in str(cancelled["body"])
    assert await story.kinds(story.member(BO)) == []


async def test_a_moved_activity_reminds_once_before_its_new_time(story: Story) -> None:
    story.service.foreign(planned(), ActivityPublished(activity_id=ACTIVITY, community_id=COMMUNITY), signed_up(BO))
    later = NINE + timedelta(days=8)
    story.service.foreign(planned(ActivityAmended, starts_at=later, ends_at=later + timedelta(hours=1), is_announced=True))
    story.time_passes(days=5)
    assert await story.kinds(story.member(BO)) == ["ACTIVITY_CHANGED"]
    story.time_passes(days=2, hours=1)
    reminder, _ = await story.inbox(story.member(BO))
    assert reminder["kind"] == "ACTIVITY_REMINDER"
    assert "2026-04-07 09:00" in str(reminder["body"])


async def test_only_an_unacknowledged_receipt_is_mentioned_again(story: Story) -> None:
    forgotten, seen = uuid5(NAMES, "forgotten"), uuid5(NAMES, "seen")
    story.service.foreign(receipt_issued(forgotten), receipt_issued(seen, BO))
    story.service.foreign(
        RegistrationReceiptAcknowledged(registration_id=seen, member_id=BO, unit_id=UNIT, community_id=COMMUNITY, receipt_no="HZ-0001")
    )
    story.time_passes(days=7, hours=1)
    assert (await story.kinds(story.unit())).count("RECEIPT_OVERDUE") == 1


async def test_an_organisation_that_was_renamed_or_dissolved_is_written_to_accordingly(story: Story) -> None:
    named = {"organisation_id": COMMUNITY, "kind": OrganisationKind.COMMUNITY}
    story.service.foreign(OrganisationRenamed(**named, former_name="南园社区", name="南园里社区", renamed_on=date(2026, 3, 30)))
    story.service.foreign(receipt_issued(uuid5(NAMES, "reg")))
    assert "南园里社区已确认" in str((await story.inbox(story.unit()))[0]["body"])
    assert len(await story.letters()) == 2
    gone = {"organisation_id": UNIT, "kind": OrganisationKind.WORK_UNIT, "name": "区实验小学", "reason": "撤并"}
    story.service.foreign(OrganisationDissolved(**gone, dissolved_on=date(2026, 3, 30)))
    story.service.foreign(receipt_issued(uuid5(NAMES, "another"), BO))
    assert len(await story.letters()) == 2


async def test_who_has_not_renewed_is_reminded_once_and_nobody_else_hears_of_it(story: Story) -> None:
    due = RegistrationRenewalDue(
        registration_id=uuid5(NAMES, "reg"), member_id=ANNA, unit_id=UNIT, community_id=COMMUNITY, due_on=date(2026, 3, 30)
    )
    story.service.foreign(due)
    (reminder,) = await story.inbox(story.member(ANNA))
    assert reminder["kind"] == "RENEWAL_DUE"
    assert "您上次确认在南园社区的报到信息已满半年" in str(reminder["body"])
    assert "不扣分" in str(reminder["body"])
    assert await story.kinds(story.unit()) == await story.kinds(story.member(BO)) == []
    assert [letter["Subject"] for letter in await story.letters()] == ["请确认您的报到信息"]


async def test_g6_the_unit_is_asked_once_for_a_decision_by_people_alone(story: Story) -> None:
    ids = {"member_id": ANNA, "period_id": uuid5(NAMES, "period")}
    story.service.foreign(
        GradeProposalRefused(**ids, unit_id=UNIT, is_first=True),
        GradeProposalRefusalTakenBack(**ids),
        GradeProposalRefused(**ids, unit_id=UNIT, is_first=False),
    )
    (asked,) = await story.inbox(story.unit())
    assert asked["kind"] == "DECISION_BY_PEOPLE_ASKED"
    assert "不影响积分" in str(asked["body"])
    assert await story.kinds(story.member(ANNA)) == []


async def test_everybody_registered_hears_of_new_rules(story: Story) -> None:
    for member_id in (ANNA, BO):
        story.service.foreign(
            RegistrationConfirmed(registration_id=uuid5(member_id, "r"), member_id=member_id, unit_id=UNIT, community_id=COMMUNITY)
        )
    story.service.foreign(sample(RuleSetPublished))
    assert await story.kinds(story.member(ANNA)) == ["RULE_SET_PUBLISHED"]
    assert await story.kinds(story.member(BO)) == ["RULE_SET_PUBLISHED"]


async def test_the_inbox_is_paged_newest_first(story: Story) -> None:
    for number in range(5):
        story.service.now += timedelta(minutes=1)
        story.service.foreign(confirmed(number, BO))
    token, seen, after = story.member(BO), [], None
    while True:
        page = (await story.service.get("/notices", as_=token, params={"limit": 2} | ({"after": after} if after else {}))).json()
        seen += [notice["notification_id"] for notice in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


async def test_a_notice_is_read_by_its_recipient_only(story: Story) -> None:
    story.service.foreign(post(), claimed(BO))
    (notice,) = await story.inbox(story.member(BO))
    path = f"/notices/{notice['notification_id']}/read"
    for stranger in (story.member(ANNA), story.unit()):
        assert (await story.service.post(path, as_=stranger)).status_code == 404
    assert (await story.service.get("/notices/unread", as_=story.member(BO))).json() == {"unread": 1}
    for _ in range(2):
        assert (await story.service.post(path, as_=story.member(BO))).status_code == 200
    assert (await story.service.names()).count("NotificationRead") == 1
    assert (await story.service.get("/notices/unread", as_=story.member(BO))).json() == {"unread": 0}
    assert await story.inbox(story.member(BO), unread="true") == []


async def test_inboxes_of_other_organisations_and_districts_stay_closed(story: Story) -> None:
    story.service.foreign(receipt_issued(uuid5(NAMES, "reg")))
    stranger = story.service.token(Role.UNIT_LIAISON, organisations=[COMMUNITY])
    assert (await story.service.get("/notices", as_=stranger, params={"organisation_id": str(UNIT)})).status_code == 403
    elsewhere = story.service.token(Role.UNIT_LIAISON, organisations=[UNIT], district="elsewhere")
    assert (await story.service.get("/notices", as_=elsewhere)).json()["items"] == []


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/notices", {Role.MEMBER, Role.UNIT_LIAISON, Role.UNIT_SECRETARY, Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY}),
        ("/notices/unread", {Role.MEMBER, Role.UNIT_LIAISON, Role.UNIT_SECRETARY, Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY}),
        ("/notices/counts", {Role.DISTRICT_ADMIN, Role.STREET_ADMIN, Role.AUDITOR}),
        ("/letters/failed", {Role.DISTRICT_ADMIN}),
    ],
)
async def test_every_endpoint_is_open_to_its_roles_and_no_other(story: Story, path: str, allowed: set[Role]) -> None:
    for role in Role:
        answer = await story.service.get(path, as_=story.service.token(role, subject=str(ANNA)))
        assert answer.status_code == (200 if role in allowed else 403), f"{role} {path}"
    assert (await story.service.client.get(path)).status_code == 401


async def test_only_recipients_mark_notices_as_read(story: Story) -> None:
    recipients = {Role.MEMBER, Role.UNIT_LIAISON, Role.UNIT_SECRETARY, Role.COMMUNITY_CLERK, Role.COMMUNITY_SECRETARY}
    for role in Role:
        answer = await story.service.post(f"/notices/{POST}/read", as_=story.service.token(role, subject=str(ANNA)))
        assert answer.status_code == (404 if role in recipients else 403), role


async def test_a_cursor_of_somebody_else_is_malformed(story: Story) -> None:
    for cursor in ("rubbish", "WyJub3QgYSB1dWlkIl0"):
        answer = await story.service.get("/notices", as_=story.member(BO), params={"after": cursor})
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_a_crash_after_an_attempt_is_seen_and_sends_no_second_letter(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> EmailMessage:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("services.notifications.letters.compose", crash)
        story.service.foreign(post(), claimed(ANNA))
        assert await story.letters() == []
        assert "NotificationAttempted" in await story.service.names()
    assert await eventually(story, "NotificationFailed", 1)
    assert story.mail.letters == []
    (failed,) = (await story.service.get("/letters/failed", as_=story.admin())).json()["items"]
    assert failed["reason"] == "UNKNOWN_OUTCOME"


def merge(story: Story, given_up: UUID, remains: UUID) -> None:
    story.service.foreign(MemberIdentitiesMerged(member_id=given_up, into_member_id=remains, unit_id=UNIT, reason="重复登记"))


async def test_after_a_merge_one_inbox_holds_what_both_were_told(story: Story) -> None:
    story.service.foreign(post(), claimed(ANNA), claimed(BO))
    await story.service.settled()
    merge(story, BO, ANNA)
    story.service.foreign(confirmed(1, BO))
    notices = await story.inbox(story.member(ANNA))
    assert sorted(str(each["kind"]) for each in notices) == ["ACTIVITY_CONFIRMED", "POST_CLAIMED", "POST_CLAIMED"]
    assert (await story.service.get("/notices/unread", as_=story.member(ANNA))).json() == {"unread": 3}
    (old,) = [each for each in notices if each["recipient_id"] == str(BO)]
    assert (await story.service.post(f"/notices/{old['notification_id']}/read", as_=story.member(ANNA))).status_code == 200
    assert (await story.service.get("/notices/unread", as_=story.member(ANNA))).json() == {"unread": 2}


async def test_after_a_merge_letters_go_where_the_remaining_entry_wants_them(story: Story) -> None:
    story.registration.addresses[f"MEMBER/{BO}"] = {"name": "林晓禾", "email": "old@example.cn"}
    story.service.foreign(ConsentGiven(member_id=BO, purpose=ConsentPurpose.DIRECT_CONTACT, text_version="2026-01"))
    story.service.foreign(planned(), confirmed(1, BO), confirmed(2))
    merge(story, BO, ANNA)
    story.time_passes(days=1)
    (letter,) = await story.letters()
    assert letter["To"].addresses[0].addr_spec == "xiaohe@example.cn"
    assert letter["Subject"] == "光彩在家园：您有 2 条新消息"
    assert not [path for district, path in story.registration.asked if district == story.service.district and path.endswith(str(BO))]
    nobody = uuid5(NAMES, "has not agreed to letters")
    merge(story, ANNA, nobody)
    story.service.foreign(post(), claimed(ANNA))
    assert len(await story.letters()) == 1
    assert await story.kinds(story.member(nobody)) == ["POST_CLAIMED", "ACTIVITY_CONFIRMED", "ACTIVITY_CONFIRMED"]


@pytest.mark.parametrize("merged_first", [True, False])
async def test_whoever_was_signed_up_twice_is_told_once_and_not_at_all_after_leaving(story: Story, *, merged_first: bool) -> None:
    """Registration and activities tell of a merge each in their own time."""
    story.service.foreign(planned(), ActivityPublished(activity_id=ACTIVITY, community_id=COMMUNITY), signed_up(ANNA), signed_up(BO))
    followed = MemberIdentityFollowed(member_id=BO, into_member_id=ANNA)
    if merged_first:
        merge(story, BO, ANNA)
    story.service.foreign(followed, stream=f"activity/{ACTIVITY}")
    if not merged_first:
        merge(story, BO, ANNA)
    later = NINE + timedelta(days=8)
    story.service.foreign(planned(ActivityAmended, starts_at=later, ends_at=later + timedelta(hours=1), is_announced=True))
    assert await story.kinds(story.member(ANNA)) == ["ACTIVITY_CHANGED"]
    story.service.foreign(SignUpWithdrawn(activity_id=ACTIVITY, member_id=ANNA, community_id=COMMUNITY))
    story.service.foreign(ActivityCancelled(activity_id=ACTIVITY, community_id=COMMUNITY, reason="大雨"))
    assert await story.kinds(story.member(ANNA)) == ["ACTIVITY_CHANGED"]


async def test_the_read_model_is_what_the_logs_say(story: Story, database: Database) -> None:
    """Rebuilding reads one source after the other: equal digests also show that their order does not matter."""
    story.service.foreign(planned(), signed_up(ANNA), receipt_issued(uuid5(NAMES, "reg")), *(confirmed(number) for number in range(3)))
    story.time_passes(days=2)
    await story.service.settled()
    rebuilt = await rebuild(
        SERVICE.read_model(),
        story.service.feeds,
        owner_url=database.url("notifications_owner"),
        service_url=database.url("notifications"),
        swap=False,
    )
    assert rebuilt.is_equal
    assert rebuilt.events > 20
