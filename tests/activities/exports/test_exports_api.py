"""Outcomes of a period, and confirmed records as text without formulas."""

import csv
import io

from python_calamine import CalamineWorkbook

from tests.activities.certificates.test_certificates_api import confirmed_service
from tests.activities.conftest import District
from tests.activities.given import COMMUNITY

PERIOD = {"first_day": "2026-01-01", "last_day": "2026-12-31"}


async def test_outcomes_count_once_per_activity_and_stay_approximate(district: District) -> None:
    await confirmed_service(district, 1, 2)
    await confirmed_service(district, 3)
    report = await district.get("/reports/outcomes", district.clerk, community_id=str(COMMUNITY), **PERIOD)
    (line,) = report["items"]
    assert (line["zh"], line["parts"], line["precision"]) == ("2000余条", 2, "MORE_THAN")
    assert (await district.get("/reports/outcomes", district.admin, **PERIOD))["items"] == report["items"]
    await district.get("/reports/outcomes", district.elsewhere, 403, community_id=str(COMMUNITY), **PERIOD)
    await district.get("/reports/outcomes", district.admin, 422, first_day="2026-02-01", last_day="2026-01-01")


async def test_records_are_exported_as_text(district: District) -> None:
    await confirmed_service(district, 1, title='=HYPERLINK("http://evil.example")')
    query = {"community_id": str(COMMUNITY), **PERIOD}
    plain = await district.service.get("/exports/service-records.csv", as_=district.clerk, params=query)
    assert plain.content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(plain.content.decode("utf-8-sig")))
    assert (head[0], row[2][:2], row[9]) == ("志愿者编号", "'=", "3.00")
    book = await district.service.get("/exports/service-records.xlsx", as_=district.clerk, params=query)
    assert CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0).to_python() == [head, row]
    await district.get("/exports/service-records.csv", district.elsewhere, 403, **query)
    await district.get("/exports/service-records.csv", district.member(1), 403, **query)
