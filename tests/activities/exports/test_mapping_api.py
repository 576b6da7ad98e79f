"""The mapping export by MZ/T 061: tables of what we hold, for a stated purpose and recipient, without names and without formulas."""

import io

from python_calamine import CalamineWorkbook

from shared.contracts.registration.members import MemberEnrolled
from shared.testing.samples import sample
from tests.activities.certificates.test_certificates_api import confirmed_service, issued_to
from tests.activities.conftest import District
from tests.activities.exports.test_exports_api import PERIOD
from tests.activities.given import COMMUNITY, UNIT, member

STATED = {**PERIOD, "purpose": "全国志愿服务信息系统汇总", "recipient": "区民政局", "community_id": str(COMMUNITY)}


async def test_r12_what_others_take_over_is_exported_as_json_and_as_workbook(district: District) -> None:
    district.service.foreign(sample(MemberEnrolled, member_id=member(1), member_no="M-0001", unit_id=UNIT))
    await district.open_post()
    team = {"community_id": str(COMMUNITY), "kind": "OTHER", "name": "=1+1"}
    await district.post("/teams", district.clerk, 201, **team)
    await confirmed_service(district, 1)
    await issued_to(district, 1, district.secretary)
    export = await district.get("/exports/volunteer-data.json", district.clerk, **STATED)
    tables = export["tables"]
    assert {name: len(rows) for name, rows in tables.items()} == {
        "volunteers": 5,
        "groups": 1,
        "projects": 1,
        "service_times": 1,
        "certificates": 1,
    }
    assert (tables["service_times"][0]["volunteer_no"], float(tables["service_times"][0]["hours"])) == ("M-0001", 3.0)
    assert (export["purpose"], export["recipient"], export["exported_by"]) == (STATED["purpose"], STATED["recipient"], "clerk")
    forbidden = {"name_sealed", "ethnicity", "religion", "photo", "phone", "citizen_number", "education"}
    assert not forbidden & {column for rows in tables.values() for row in rows for column in row}
    book = await district.service.get("/exports/volunteer-data.xlsx", as_=district.clerk, params=STATED)
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(book.content))
    assert sheets.sheet_names == ["说明", "志愿者", "志愿团体", "志愿项目", "服务时间", "证书"]
    assert sheets.get_sheet_by_name("志愿团体").to_python()[1][1] == "'=1+1"
    assert sheets.get_sheet_by_name("服务时间").to_python()[0][:2] == ["志愿者编号", "记录编号"]


async def test_g13_an_export_states_what_for_and_for_whom_and_stays_in_the_own_community(district: District) -> None:
    await district.get("/exports/volunteer-data.json", district.clerk, 422, community_id=str(COMMUNITY), **PERIOD)
    await district.get("/exports/volunteer-data.json", district.elsewhere, 403, **STATED)
    await district.get("/exports/volunteer-data.json", district.member(1), 403, **STATED)
