"""A month in counts and outcomes, as text, workbook and paper; small counts hidden."""

import io

from python_calamine import CalamineWorkbook

from shared.testing.name_desk import NameDesk
from tests.activities.certificates.test_certificates_api import confirmed_service
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY, member

WANTED = {"community_id": str(COMMUNITY), "month": "2026-01"}


async def test_a_month_in_counts_and_outcomes_as_text_workbook_and_paper(district: District, name_desk: tuple[NameDesk, int]) -> None:
    desk, _ = name_desk
    desk.names = {f"/addresses/COMMUNITY/{COMMUNITY}": "公园社区"}
    await confirmed_service(district, 1, 2, 3, title="看望王大爷")
    found = await district.get("/reports/bulletin", district.clerk, **WANTED)
    assert found["whole"] == {"activities": 1, "members": 3, "minutes": 540}
    assert found["types"] == [{"activity_type": "VOLUNTEER_SERVICE", **found["whole"]}]
    assert found["outcomes"][0]["zh"] == "1000余条"
    assert found["summary"] == {
        "zh": "本月开展活动 1 次，参加党员 3 人，服务 9 小时。",
        "en": "Activities held: 1; members who took part: 3; hours of service: 9.",
    }
    book = await district.service.get("/reports/bulletin.xlsx", as_=district.clerk, params=WANTED)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "2026-01 活动简报"
    assert ["志愿服务活动", "1", "3", "9"] in rows
    assert ["清理小广告", "1000余条"] in [row[:2] for row in rows]
    printed = await district.service.get("/reports/bulletin.pdf", as_=district.clerk, params=WANTED)
    assert (printed.status_code, printed.headers["content-type"]) == (200, "application/pdf"), printed.text
    assert printed.content.startswith(b"%PDF-")
    for shown in (str(found), str(rows)):
        assert "王大爷" not in shown
        assert str(member(1)) not in shown


async def test_g12_one_or_two_people_are_not_counted_in_public(district: District) -> None:
    await confirmed_service(district, 1, 2)
    found = await district.get("/reports/bulletin", district.clerk, **WANTED)
    assert found["whole"] == {"activities": 1, "members": None, "minutes": None}
    assert found["types"][0]["minutes"] is None
    assert "人数较少" in found["summary"]["zh"]
    assert "too few people" in found["summary"]["en"]


async def test_g12_who_alone_did_two_things_is_not_what_the_whole_leaves(district: District) -> None:
    await confirmed_service(district, 1, 2, 3)
    for kind in ("CULTURE", "SYMPOSIUM"):
        await confirmed_service(district, 4, activity_type=kind)
    found = await district.get("/reports/bulletin", district.clerk, **WANTED)
    assert found["whole"]["members"] == 4
    assert [each["minutes"] for each in found["types"]] == [None, None, None]


async def test_an_empty_month_is_told_and_a_wrong_one_refused(district: District) -> None:
    empty = await district.get("/reports/bulletin", district.admin, month="2025-12")
    assert (empty["whole"], empty["types"], empty["outcomes"]) == ({"activities": 0, "members": 0, "minutes": 0}, [], [])
    assert (await district.service.get("/reports/bulletin.pdf", as_=district.admin, params={"month": "2025-12"})).status_code == 200
    await district.get("/reports/bulletin", district.admin, 422, month="2026-13")
    await district.get("/reports/bulletin", district.clerk, 422, month="2026-01")
    for path in ("/reports/bulletin", "/reports/bulletin.xlsx", "/reports/bulletin.pdf"):
        await district.get(path, district.elsewhere, 403, **WANTED)
        await district.get(path, district.member(1), 403, **WANTED)
