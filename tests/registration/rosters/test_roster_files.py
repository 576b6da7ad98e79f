"""Rosters in every format offices send, as real bytes: read alike, refused with a reason, never opened when they are traps.

The files in files/ were written by xlwt 1.3.0 (.xls), odfpy 1.4.1 (.ods) and msoffcrypto-tool 6.1.0 (locked.xlsx), not by anything of ours.
"""

import io
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ops.demo import make_roster
from services.registration.rosters.header import RosterHasNoHeader
from services.registration.rosters.roster import read_roster, read_sheets
from services.registration.rosters.separated_text import RosterEncodingUnknown, RosterQuoteNotClosed, read_separated
from services.registration.rosters.workbook import (
    MAX_BYTES,
    SHEET_READER,
    RosterIsEmpty,
    RosterIsLocked,
    RosterNotAWorkbook,
    RosterTooLarge,
    read_workbook,
)
from shared.decider import DomainError
from shared.testing.harness import ServiceUnderTest
from shared.texts import load
from tests.registration.conftest import new_town
from tests.registration.rosters.test_roster import DIRECTORY, HEADER, NUMBER, SCHOOL, table, workbook

FILES = Path(__file__).parent / "files"
TABLE = [
    ["在职党员花名册", "", "", "", "", "", "", ""],
    HEADER,
    ["1", "柳青", NUMBER, SCHOOL, "中共党员", "10000000001", "新风", ""],
    ["2", "何云帆", "", SCHOOL, "预备党员", "10000000002", "南园社区", ""],
    ["3", "林予安", "1.10105E+17", SCHOOL, "中共党员", "10000000003", "新风", ""],
    ["合计", "", "", "", "", "", "", ""],
]
CSV = "\r\n".join(",".join(row) for row in TABLE)
FORMATS = {
    "xlsx": workbook(*TABLE),
    "xls": (FILES / "roster.xls").read_bytes(),
    "ods": (FILES / "roster.ods").read_bytes(),
    "csv in UTF-8": CSV.encode(),
    "csv in UTF-8 with a mark": CSV.encode("utf-8-sig"),
    "csv in GB18030": CSV.encode("gb18030"),
    "csv in GB18030 with semicolons": CSV.replace(",", ";").encode("gb18030"),
    "text in UTF-16 with tabs": CSV.replace(",", "\t").encode("utf-16"),
    "csv with numbers kept as text": CSV.replace(NUMBER, f'"=""{NUMBER}"""').encode(),
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_people_and_the_same_problem(name: str) -> None:
    reading = read_roster(FORMATS[name], DIRECTORY)
    assert [(row.row, row.name, row.citizen_number, row.phone) for row in reading.rows] == [
        (3, "柳青", NUMBER, "10000000001"),
        (4, "何云帆", None, "10000000002"),
    ]
    assert [(each.row, each.column, each.header, each.code) for each in reading.problems] == [
        (5, "C", "身份证号", "citizen_number_numeric")
    ]


async def test_the_same_people_in_another_format_are_enrolled_once(service: ServiceUnderTest) -> None:
    town = await new_town(service, "formats")
    dry = (await town.send_roster(FORMATS["xls"], data={"dry_run": "true"})).json()
    assert (dry["enrolled"], dry["already_enrolled"], len(dry["problems"])) == (2, 0, 1)
    counts = []
    for content in FORMATS.values():
        outcome = (await town.send_roster(content)).json()
        counts.append((outcome["enrolled"], outcome["already_enrolled"]))
        sheet = await service.get(f"/rosters/{outcome['roster_id']}/errors.xlsx", as_=town.admin)
        assert read_workbook(sheet.content)[0].grid[-1][1:4] == ["5", "C", "身份证号"]
    assert counts == [(2, 0), *[(0, 2)] * (len(FORMATS) - 1)]
    names = [event.name for event in await service.log("formats")]
    assert names.count("MemberEnrolled") == 2


async def test_a_second_roster_under_the_key_of_the_first_is_refused(service: ServiceUnderTest) -> None:
    town, key = await new_town(service, "one-key"), service.key()
    first, again = [(await town.send_roster(CSV.encode(), key=key)).json() for _ in range(2)]
    assert first["roster_id"] == again["roster_id"]
    other = await town.send_roster(CSV.replace("柳青", "柳清").replace(NUMBER, "").encode(), key=key)
    assert (other.status_code, other.json()["code"]) == (422, "command_id_reused")
    assert [event.name for event in await service.log("one-key")].count("MemberEnrolled") == first["enrolled"]


def test_a_header_on_every_printed_page_is_no_member() -> None:
    page = [HEADER, ["1", "柳青", NUMBER, SCHOOL, "中共党员", "10000000001", "新风", ""]]
    other = ["2", "何云帆", "", SCHOOL, "预备党员", "10000000002", "南园社区", ""]
    assert read_sheets(table(*page, HEADER, other), DIRECTORY).total == 2
    assert read_sheets(table(*page, ["", "", "", "", "", "手机"], other, ["联系电话:"]), DIRECTORY).total == 2


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return target.getvalue()


def locked_xls() -> bytes:
    """The good old workbook with a record FilePass, as there is in front of everything that a password protects."""
    return (FILES / "roster.xls").read_bytes().replace(b"\x5c\x00\x70\x00", b"\x2f\x00\x70\x00", 1)


REPEATED = (
    '<table:table-row table:number-rows-repeated="1048576"><table:table-cell office:value-type="string" '
    'table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell></table:table-row>'
)


def swollen_ods() -> bytes:
    """The good sheet with one cell that says it stands there seventeen thousand million times."""
    target = io.BytesIO()
    with zipfile.ZipFile(FILES / "roster.ods") as good, zipfile.ZipFile(target, "w") as bad:
        for name in good.namelist():
            content = good.read(name).decode() if name == "content.xml" else good.read(name)
            bad.writestr(name, content.replace("</table:table>", f"{REPEATED}</table:table>") if isinstance(content, str) else content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", RosterIsEmpty),
        (b"\xef\xbb\xbf\r\n,,\r\n", RosterIsEmpty),
        (workbook(["", " "]), RosterIsEmpty),
        (b"PK\x03\x04 not really", RosterNotAWorkbook),
        (b"\xd0\xcf\x11\xe0 old excel", RosterNotAWorkbook),
        (b"%PDF-1.7\n\0", RosterNotAWorkbook),
        (b"<html><body><table><tr><td></td></tr></table></body></html>", RosterNotAWorkbook),
        ((FILES / "locked.xlsx").read_bytes(), RosterIsLocked),
        (locked_xls(), RosterIsLocked),
        (zipped(word__document_xml=b"<x/>"), RosterNotAWorkbook),
        (zipped(content_xml=b"<x/>"), RosterNotAWorkbook),
        (zipped(xl__workbook_xml=b"<workbook/>"), RosterNotAWorkbook),
        ("姓名,单位\n柳青".encode() + b"\xff\xff", RosterEncodingUnknown),
        ("姓名,单位,政治面貌\n柳青".encode("utf-8-sig") + b"\xff", RosterEncodingUnknown),
        ('姓名,单位,政治面貌\n"柳青,育光小学,党员\n'.encode(), RosterQuoteNotClosed),
        ("姓名,單位\n柳青,育光\n".encode("big5"), RosterHasNoHeader),
        ("甲,乙\n丙,丁\n".encode(), RosterHasNoHeader),
        (b"x" * (MAX_BYTES + 1), RosterTooLarge),
        (b"x,y\n" * 20_001, RosterTooLarge),
        (b"," * 201 + b"x", RosterTooLarge),
        (zipped(xl__workbook_xml=b"<workbook/>", bomb=b"\0" * 61 * 1024 * 1024), RosterTooLarge),
        ((FILES / "far.xls").read_bytes(), RosterTooLarge),
        (swollen_ods(), RosterNotAWorkbook),
    ],
)
def test_what_is_no_roster_is_refused_before_it_costs_anything(content: bytes, error: type[DomainError]) -> None:
    with pytest.raises(error) as refused:
        read_roster(content, DIRECTORY)
    assert load("registration")["errors"][refused.value.code()]["zh"]


def test_a_workbook_that_asks_for_all_memory_ends_in_its_own_process() -> None:
    content = (FILES / "far.xls").read_bytes()
    ended = subprocess.run([sys.executable, "-I", SHEET_READER], input=content, capture_output=True, check=False)
    assert (ended.returncode, ended.stdout) == (-signal.SIGABRT, b"")


def test_a_stray_cell_far_away_is_refused() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "姓名")
        sheet.write(1_048_575, 16_383, "x")
    with pytest.raises(RosterTooLarge):
        read_roster(target.getvalue(), DIRECTORY)


WHOLE = {"xlsx": make_roster.ROSTER.read_bytes(), "xls": FORMATS["xls"], "ods": FORMATS["ods"], "csv": FORMATS["csv in GB18030"]}


@settings(max_examples=40)
@given(st.sampled_from(sorted(WHOLE)), st.binary(max_size=400), st.integers(0, 7000), st.integers(0, 255))
def test_damaged_files_end_in_a_named_refusal_or_a_reading(name: str, noise: bytes, place: int, value: int) -> None:
    damaged = bytearray(WHOLE[name])
    damaged[place % len(damaged)] = value
    for content in (noise, bytes(damaged), bytes(damaged[: place % len(damaged)])):
        try:
            read_roster(content, DIRECTORY)
        except DomainError as refused:
            assert load("registration")["errors"][refused.code()]["zh"]  # noqa: PT017 - either outcome is right


cells = st.text(alphabet="柳青育光aZ1 ,\"'，", max_size=6)
tables = st.integers(1, 5).flatmap(lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=6))


@given(tables, st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]), st.sampled_from(["\n", "\r\n"]))
def test_text_comes_back_cell_by_cell_from_every_encoding(table: list[list[str]], encoding: str, end: str) -> None:
    lines = [["姓名", *row] for row in table]
    content = end.join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    assert read_separated(content.encode(encoding)) == lines
