"""Names in a bulletin over HTTP: printed only of those who agreed, and nobody reads who did not."""

from ops.provision import Database
from services.activities.app import SERVICE
from services.activities.bulletins.bulletin import bulletin_id
from shared.contracts.registration.changes import MemberIdentitiesMerged
from shared.eventlog.rebuild import rebuild
from shared.identity import Role
from shared.testing.name_desk import NameDesk
from tests.activities.bulletins.test_bulletin import IDS, MONTH
from tests.activities.certificates.test_certificates_api import confirmed_service
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, OTHER_COMMUNITY, UNIT, member

WANTED = {"community_id": str(COMMUNITY), "month": MONTH}


ANSWER = f"/bulletin-names/{IDS['bulletin_id']}/answer"


async def printed(district: District, as_: str, **wanted: str) -> int:
    """The size of the sheet: its bytes say when it was made, and are as many for the same contents."""
    await district.service.settled()
    sheet = await district.service.get("/reports/bulletin.pdf", as_=as_, params=wanted or WANTED)
    assert (sheet.status_code, sheet.headers["content-type"]) == (200, "application/pdf"), sheet.text
    return len(sheet.content)


async def say(district: District, number: int, *, yes: bool, status: int = 200) -> None:
    await district.post(ANSWER, district.member(number), status, may_be_named=yes)


async def test_only_who_said_yes_and_consents_to_public_naming_is_printed(district: District, name_desk: tuple[NameDesk, int]) -> None:
    desk, _ = name_desk
    desk.public = {str(member(1)): "郑启明"}  # 2 and 3 do not consent to be named in public, whatever they say here
    await confirmed_service(district, 1, 2, 3)
    unnamed = await printed(district, district.clerk)
    desk.wanted.clear()
    first = (await district.post("/bulletin-names", district.clerk, 201, **WANTED))["result"]
    assert first == {"bulletin_id": str(IDS["bulletin_id"]), "asked": 3}
    assert (await district.post("/bulletin-names", district.secretary, 201, **WANTED))["result"]["asked"] == 0
    assert await printed(district, district.clerk) == unnamed
    assert desk.wanted == []
    await say(district, 2, yes=True)
    await say(district, 3, yes=False)
    assert await printed(district, district.clerk) == unnamed
    await say(district, 1, yes=True)
    named = await printed(district, district.clerk)
    assert named > unnamed
    assert [set(each) for each in desk.wanted] == [{str(member(2))}, {str(member(1)), str(member(2))}]
    await printed(district, district.admin, month=MONTH)
    assert len(desk.wanted) == 2  # the district's bulletin names nobody
    desk.is_away = True
    assert (await district.service.get("/reports/bulletin.pdf", as_=district.clerk, params=WANTED)).status_code == 503
    desk.is_away = False
    await say(district, 1, yes=False)
    assert await printed(district, district.clerk) == unnamed
    for shown in (await district.get("/reports/bulletin", district.clerk, **WANTED), await district.service.log()):
        assert "郑启明" not in str(shown)


async def test_nobody_reads_who_said_no_and_members_read_their_own(district: District) -> None:
    await confirmed_service(district, 1, 2, 3)
    await district.post("/bulletin-names", district.clerk, 201, **WANTED)
    await say(district, 1, yes=True)
    await say(district, 2, yes=False)
    await district.service.settled()
    told = {**WANTED, "bulletin_id": str(IDS["bulletin_id"])}
    assert await district.get("/me/bulletin-names", district.member(1)) == [told | {"is_agreed": True}]
    silent, refused = [await district.get("/me/bulletin-names", district.member(number)) for number in (3, 2)]
    assert silent == refused == [told | {"is_agreed": False}]
    assert (await district.service.names()).count("BulletinNamingAsked") == 3
    assert [name for name in await district.service.names() if name.startswith("BulletinNaming")][3:] == ["BulletinNamingAgreed"]
    copy = (await district.get("/me/copy", district.member(1)))["tables"]
    assert (len(copy["bulletin_questions"]), len(copy["bulletin_agreements"])) == (1, 1)
    for as_ in (district.clerk, district.secretary, district.admin):
        await district.get("/me/bulletin-names", as_, 403)
        await district.post(ANSWER, as_, 403, may_be_named=True)


async def test_a_void_record_names_nobody_and_a_merged_entry_is_named_as_the_one_that_remains(
    district: District, name_desk: tuple[NameDesk, int], database: Database
) -> None:
    desk, _ = name_desk
    activity_id, records = await confirmed_service(district, 1, 2)
    await district.post("/bulletin-names", district.clerk, 201, **WANTED)
    for number in (1, 2):
        await say(district, number, yes=True)
    void = f"/activities/{activity_id}/records/{records[str(member(1))]}/void"
    await district.post(void, district.secretary, reason="未实际参加")
    await district.service.settled()
    district.service.foreign(MemberIdentitiesMerged(member_id=member(2), into_member_id=member(4), unit_id=UNIT, reason="重复登记"))
    desk.wanted.clear()
    await district.service.settled()
    await printed(district, district.clerk)
    assert desk.wanted == [[str(member(4))]]
    assert [each["is_agreed"] for each in await district.get("/me/bulletin-names", district.member(4))] == [True]
    owner, role = database.url("activities_owner"), database.url("activities")
    assert (await rebuild(SERVICE.read_model(), district.service.feeds, owner_url=owner, service_url=role, swap=False)).is_equal


async def test_a_community_asks_for_its_own_month_and_only_who_was_asked_answers(district: District) -> None:
    assert (await district.post("/bulletin-names", district.clerk, 409, **WANTED))["code"] == "nobody_served"
    await confirmed_service(district, 1)
    for as_ in (district.elsewhere, district.admin, district.member(1)):
        await district.post("/bulletin-names", as_, 403, **WANTED)
    for wrong in ({"month": "2026-13"}, {"month": 202601}, {"month": "2026-01", "names": ["郑启明"]}, {}):
        await district.post("/bulletin-names", district.clerk, 422, community_id=str(COMMUNITY), **wrong)
    await district.post("/bulletin-names", district.clerk, 403, community_id=str(OTHER_COMMUNITY), month=MONTH)
    await say(district, 1, yes=True, status=404)
    await district.post("/bulletin-names", district.clerk, 201, **WANTED)
    await say(district, 2, yes=True, status=404)
    await district.post(ANSWER, district.member(1), 422, may_be_named="perhaps")
    await district.post(f"/bulletin-names/{bulletin_id(COMMUNITY, '2026-02')}/answer", district.member(1), 404, may_be_named=True)
    elsewhere = district.service.token(Role.MEMBER, subject=str(member(1)), district="elsewhere")
    await district.post(ANSWER, elsewhere, 404, may_be_named=True)
