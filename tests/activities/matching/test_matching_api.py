"""Suggestions and lacking skills over HTTP, on real PostgreSQL: who sees what, page by page, and that asking changes nothing."""

import io

from python_calamine import CalamineWorkbook

from shared.contracts.registration.changes import RegistrationTransferred
from shared.contracts.registration.codes import ClosureReason
from shared.contracts.registration.members import MemberEnrolled, MemberProfileUpdated, PersonalDataErased
from shared.contracts.registration.registrations import RegistrationClosed, RegistrationSuspended
from shared.contracts.service_preference import PostCategory, ServicePreference, ServiceTime
from shared.identity import Role
from shared.testing.samples import sample
from tests.activities.conftest import District, registered, registration_of
from tests.activities.given import COMMUNITY, DAY, OTHER_COMMUNITY, UNIT, member, some_id

WEEKEND = ServicePreference(kinds=(PostCategory.PUBLIC_ORDER,), times=(ServiceTime.WEEKEND_MORNING,), times_per_month=1)
SATURDAY = [{"weekday": 6, "starts": "09:00", "ends": "11:00"}]
SUGGESTED = "/me/post-suggestions"


async def declares(district: District, number: int, *skills: str, willing: ServicePreference = ServicePreference()) -> None:  # noqa: B008 - frozen
    profile = MemberProfileUpdated(member_id=member(number), skills=skills, preferences=(), willingness=willing)
    district.service.foreign(profile)
    await district.service.settled()


async def numbered(district: District, *numbers: int) -> None:
    for number in numbers:
        enrolled = sample(MemberEnrolled, member_id=member(number), member_no=f"M-{number:04}", unit_id=UNIT)
        district.service.foreign(enrolled)
    await district.service.settled()


async def suggested(district: District, post_id: str) -> list[str]:
    answer = await district.get(f"/posts/{post_id}/suggested-members", district.clerk)
    return [each["member_no"] for each in answer["items"]]


def codes(said: list[dict[str, str]]) -> list[str]:
    return [each["code"] for each in said]


async def test_posts_for_a_member_say_why_in_both_languages_and_what_is_missing(district: District) -> None:
    plain = await district.open_post(title="保洁岗", category="ENVIRONMENT", duties="打扫", term_start="2025-12-01")
    fitting = await district.open_post(slots=SATURDAY, skills=["急救"], qualification="消防证", capacity=1, waiting_list_limit=1)
    await district.service.settled()
    before = await district.get(SUGGESTED, district.member(1))
    assert before["note"]["code"] == "nothing_declared"
    assert [each["post_id"] for each in before["items"]] == [plain, fitting]
    await declares(district, 2, "消防证")
    assert (await district.claim(fitting, 2))["outcome"] == "claimed"
    await declares(district, 1, "急救", willing=WEEKEND)
    after = await district.get(SUGGESTED, district.member(1))
    assert (after["note"]["code"], [each["post_id"] for each in after["items"]]) == ("posts_by_fit", [fitting, plain])
    first, second = after["items"]
    assert codes(first["reasons"]) == ["SKILL", "KIND", "TIME", "COMMUNITY"]
    assert [(each["zh"], each["en"]) for each in first["reasons"][:2]] == [
        ("岗位所需的特长：急救", "the post asks for: 急救"),
        ("所填愿意参加的服务：维护治安", "a field of service that was named: public order"),
    ]
    assert codes(first["missing"]) == ["QUALIFICATION", "WAITING_LIST", "FREQUENCY"]
    assert first["missing"][1]["zh"] == "名额已满，可排在候补第1位"
    assert codes(second["reasons"]) == ["COMMUNITY"]


async def test_what_a_member_holds_is_not_suggested_again_and_asking_writes_nothing(district: District) -> None:
    post_id = await district.open_post()
    await district.claim(post_id, 1)
    await district.service.settled()
    log = len(await district.service.log())
    assert (await district.get(SUGGESTED, district.member(1)))["items"] == []
    assert [each["post_id"] for each in (await district.get(SUGGESTED, district.member(2)))["items"]] == [post_id]
    await district.get(f"/posts/{post_id}/suggested-members", district.clerk)
    assert len(await district.service.log()) == log


async def test_suggestions_come_page_by_page(district: District) -> None:
    posts = [await district.open_post(term_start=f"2026-0{month}-01") for month in (3, 1, 2)]
    await numbered(district, 1, 2, 3)
    for number in (1, 2, 3):
        await declares(district, number, willing=WEEKEND)
    for path, token, key in (
        (SUGGESTED, district.member(4), "post_id"),
        (f"/posts/{posts[0]}/suggested-members", district.clerk, "member_no"),
    ):
        found: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = await district.get(path, token, limit=2, **after)
            found += [each[key] for each in page["items"]]
            if page["next"] is None:
                break
            after = {"after": page["next"]}
        assert found == ([posts[1], posts[2], posts[0]] if key == "post_id" else ["M-0001", "M-0002", "M-0003"])
        await district.get(path, token, 422, after="nonsense")


async def test_members_for_a_post_stand_in_groups_by_number_and_only_those_who_declared_something(district: District) -> None:
    post_id = await district.open_post(skills=["急救"], slots=SATURDAY)
    await numbered(district, 1, 2, 3, 4)
    await declares(district, 1, "急救", willing=WEEKEND)
    await declares(district, 2, "急救")
    await declares(district, 4, "急救")
    await declares(district, 6, "急救")  # of another community
    answer = await district.get(f"/posts/{post_id}/suggested-members", district.clerk)
    assert [each["member_no"] for each in answer["items"]] == ["M-0002", "M-0004", "M-0001"]
    assert answer["note"]["code"] == "members_in_groups"
    assert set(answer["items"][0]) == {"member_id", "member_no", "reasons", "missing"}
    await district.claim(post_id, 2)
    await district.service.settled()
    assert await suggested(district, post_id) == ["M-0004", "M-0001"]


async def test_suggestions_are_the_own_communitys_and_of_open_posts(district: District) -> None:
    post_id = await district.open_post()
    path = f"/posts/{post_id}/suggested-members"
    await district.service.settled()
    for token, status in (
        (district.elsewhere, 403),
        (district.member(1), 403),
        (district.admin, 403),
        (district.foreign_secretary, 404),
    ):
        await district.get(path, token, status)
    await district.get(f"/posts/{some_id('ee', 77)}/suggested-members", district.clerk, 404)
    await district.get(SUGGESTED, district.clerk, 403)
    stranger = district.service.token(Role.MEMBER, subject=str(some_id("aa", 99)))
    assert (await district.get(SUGGESTED, stranger, 409))["code"] == "not_registered"
    await district.post(f"/posts/{post_id}/close", district.secretary, reason="撤岗")
    await district.service.settled()
    assert (await district.get(path, district.clerk, 409))["code"] == "post_is_not_open"
    assert (await district.get(SUGGESTED, district.member(1)))["items"] == []


async def test_what_was_declared_follows_the_member_and_goes_with_them(district: District) -> None:
    post_id = await district.open_post(skills=["急救"])
    await numbered(district, 1, 2, 3, 4)
    for number in (1, 2, 3, 4):
        await declares(district, number, "急救", willing=WEEKEND)
    await declares(district, 4, "书法")
    district.service.foreign(RegistrationSuspended(**registration_of(2), suspended_on=DAY, reason="借调"))
    closed = RegistrationClosed(**registration_of(3), certificate_id=some_id("cb", 3), closed_on=DAY, reason=ClosureReason.MOVED)
    district.service.foreign(closed)
    await district.service.settled()
    assert await suggested(district, post_id) == ["M-0001"]
    to = {"new_registration_id": some_id("ca", 91), "to_community_id": OTHER_COMMUNITY}
    district.service.foreign(sample(RegistrationTransferred, **registration_of(1), **to))
    for event in registered(1, OTHER_COMMUNITY):
        district.service.foreign(event.model_copy(update={"registration_id": some_id("ca", 91)}))
    await district.service.settled()
    assert await suggested(district, post_id) == []
    (only,) = (await district.get(SUGGESTED, district.member(1)))["items"]
    assert codes(only["reasons"]) == ["SKILL", "KIND"]
    district.service.foreign(PersonalDataErased(member_id=member(1)))
    await district.service.settled()
    assert (await district.get(SUGGESTED, district.member(1)))["items"] == []


async def test_work_with_minors_is_suggested_only_where_it_is_switched_on(district: District) -> None:
    await district.switch_on("WORK_WITH_MINORS", "responsible", "vetting", "consent")
    await district.open_post(is_with_minors=True, safeguarding="两人同行")
    await district.service.settled()
    (found,) = (await district.get(SUGGESTED, district.member(1)))["items"]
    assert codes(found["missing"]) == ["VETTING"]
    await district.post("/modules/WORK_WITH_MINORS/off", district.admin, reason="暂停")
    assert (await district.get(SUGGESTED, district.member(1)))["items"] == []


async def test_g12_skills_that_posts_lack_are_counted_and_small_counts_are_hidden(district: District) -> None:
    post_id = await district.open_post(skills=["急救", "外语", "书法"], qualification="消防证", capacity=4)
    small = await district.open_post(skills=["外语"], capacity=1)
    for number in (1, 2, 3):
        await declares(district, number, "急救", *(("外语",) if number == 1 else ()))
    await declares(district, 6, "书法", "消防证")  # of another community
    scope = {"community_id": str(COMMUNITY)}
    report = (await district.get("/reports/lacking-skills", district.clerk, **scope))["items"]
    shown = {(each["post_id"], each["skill"]): (each["is_qualification"], each["places"], each["declared"]) for each in report}
    assert shown == {
        (post_id, "急救"): (False, 4, 3),
        (post_id, "外语"): (False, 4, None),
        (post_id, "书法"): (False, 4, 0),
        (post_id, "消防证"): (True, 4, 0),
        (small, "外语"): (False, 1, None),  # places enough; left out, it would tell what is hidden
    }
    first = await district.get("/reports/lacking-skills", district.admin, limit=3)
    rest = await district.get("/reports/lacking-skills", district.admin, after=first["next"])
    assert first["items"] + rest["items"] == report
    book = await district.service.get("/reports/lacking-skills.xlsx", as_=district.clerk, params=scope)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["社区编号", "岗位", "类别", "所需特长或资格", "要求", "名额", "已填写的党员人数"]
    assert [str(COMMUNITY), "巡逻岗", "维护治安", "外语", "特长", "4", "少于3人"] in rows
    assert len(rows) == 1 + len(report)
    for path in ("/reports/lacking-skills", "/reports/lacking-skills.xlsx"):
        await district.get(path, district.elsewhere, 403, **scope)
        await district.get(path, district.clerk, 422)
        await district.get(path, district.member(1), 403, **scope)
    await district.get("/reports/lacking-skills", district.admin, 422, after="nonsense")
