"""One row, field by field: what is kept, what is refused at which column, and who is the same person as somebody above."""

from uuid import UUID

import pytest

from services.registration.rosters.roster import RosterReading, read_sheets
from services.registration.rosters.row_reader import Directory
from tests.registration.rosters.test_roster import COMMUNITIES, DIRECTORY, NUMBER, SCHOOL, UNITS, table

HEADER = ["姓名", "身份证号", "单位", "政治面貌", "手机", "邮箱", "居住社区", "职业类别"]
PLAIN = {"姓名": "柳青", "单位": SCHOOL, "政治面貌": "党员", "手机": "10000000001"}
COURT = "云溪区司法局"


def row(**cells: object) -> list[object]:
    return [(PLAIN | cells).get(label, "") for label in HEADER]


def read(*rows: list[object], directory: Directory = DIRECTORY) -> RosterReading:
    return read_sheets(table(HEADER, *rows), directory)


def problems(reading: RosterReading) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, each.code) for each in reading.problems]


@pytest.mark.parametrize(
    ("first", "second", "are_one"),
    [
        ({"身份证号": NUMBER}, {"身份证号": NUMBER, "姓名": "另一人", "手机": "10000000002"}, True),
        ({"身份证号": NUMBER}, {"身份证号": NUMBER.lower()}, True),
        ({"身份证号": NUMBER}, {}, False),
        ({}, {}, True),
        ({}, {"姓名": "柳 青"}, True),
        ({}, {"邮箱": "a@members.example"}, True),
        ({}, {"手机": "10000000002"}, False),
        ({}, {"姓名": "何云帆"}, False),
        ({}, {"单位": COURT}, False),
        ({"手机": "", "邮箱": "A@members.example"}, {"手机": "", "邮箱": "a@members.example"}, True),
        ({"手机": "", "邮箱": "a@members.example"}, {"手机": "", "邮箱": "b@members.example"}, False),
        ({"手机": "", "邮箱": "a@members.example"}, {"邮箱": "a@members.example"}, False),
    ],
)
def test_one_person_is_known_by_number_or_else_by_unit_name_and_how_to_reach_them(
    first: dict[str, object], second: dict[str, object], *, are_one: bool
) -> None:
    reading = read(row(**first), row(**second))
    column = "B" if second.get("身份证号") else "A"
    assert problems(reading) == ([(3, column, "duplicate_in_file")] if are_one else [])


@pytest.mark.parametrize("by", [{"身份证号": NUMBER, "手机": ""}, {"手机": "10000000001"}, {"手机": "", "邮箱": "liu@members.example"}])
def test_any_one_way_to_know_a_person_is_enough(by: dict[str, object]) -> None:
    assert problems(read(row(**by))) == []
    assert problems(read(row(手机=""))) == [(2, "B", "no_identity")]


@pytest.mark.parametrize("name", ["柳" * 50, "买买提·艾力", "Li Wei", "张3", "\ue123", "王 二"])
def test_names_of_every_kind_are_kept(name: str) -> None:
    assert problems(read(row(姓名=name))) == []


@pytest.mark.parametrize(
    ("name", "code"), [("柳" * 51, "name_too_long"), ("123", "bad_name"), ("1·2", "bad_name"), (7, "bad_name"), ("无", "missing_name")]
)
def test_what_is_no_name_is_refused(name: object, code: str) -> None:
    assert problems(read(row(姓名=name))) == [(2, "A", code)]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"身份证号": f"'{NUMBER}"}, []),
        ({"身份证号": "1101-0519491231-002X"}, []),
        ({"身份证号": "1.10105E+17"}, [(2, "B", "citizen_number_numeric")]),
        ({"身份证号": "1.10105E17"}, [(2, "B", "citizen_number_numeric")]),
        ({"身份证号": "1e+17"}, [(2, "B", "citizen_number_numeric")]),
        ({"邮箱": "liu@members"}, [(2, "F", "bad_email")]),
        ({"邮箱": "无"}, []),
        ({"居住社区": "新风"}, []),
        ({"居住社区": "火星"}, [(2, "G", "unknown_community")]),
        ({"职业类别": "教师"}, []),
        ({"职业类别": "党员"}, []),
        ({"职业类别": "宇航员"}, [(2, "H", "bad_occupation")]),
        ({"职业类别": "公安"}, [(2, "H", "occupation_differs_from_unit")]),
        ({"职业类别": "公安", "单位": "某处"}, [(2, "C", "unknown_unit")]),
        ({"职业类别": "无"}, []),
        ({"政治面貌": "#N/A", "单位": "某处"}, [(2, "C", "unknown_unit"), (2, "D", "cell_error")]),
        ({"姓名": "#N/A"}, [(2, "A", "cell_error")]),
        ({"姓名": "#N/A", "手机": "1"}, [(2, "A", "cell_error"), (2, "E", "bad_phone")]),
        ({"姓名": "", "手机": "#REF!"}, [(2, "A", "missing_name"), (2, "E", "cell_error")]),
    ],
)
def test_each_field_is_kept_or_refused_at_its_column(cells: dict[str, object], expected: list[tuple[int, str, str]]) -> None:
    assert problems(read(row(**cells))) == expected


@pytest.mark.parametrize(
    ("written", "kept", "is_further"),
    [
        ("0579-82345678", "0579-82345678", False),
        ("0579-82345678/10000000001", "10000000001", True),
        ("10000000001/分机", "10000000001", True),
        ("0579-82345678/0579-82345679", "0579-82345678", True),
        ("", None, False),
    ],
)
def test_a_mobile_telephone_is_kept_before_others(written: str, kept: str | None, *, is_further: bool) -> None:
    reading = read(row(身份证号=NUMBER, 手机=written))
    assert [person.phone for person in reading.rows] == [kept]
    assert [(each.code, each.row, each.column) for each in reading.remarks] == [("further_phone_not_kept", 2, "E")] * is_further


def test_a_refused_row_says_nothing_else_of_its_cells() -> None:
    assert read(row(单位="某处", 手机="10000000001/10000000002")).remarks == ()


def test_a_short_row_ends_where_its_cells_end() -> None:
    reading = read_sheets(table(["政治面貌", "单位", "姓名", "手机", "邮箱"], ["党员", SCHOOL, "柳青", "10000000001"]), DIRECTORY)
    assert [person.email for person in reading.rows] == [None]
    assert problems(read_sheets(table(["政治面貌", "单位", "姓名", "手机"], ["党员", SCHOOL, "柳青"]), DIRECTORY)) == [
        (2, "C", "no_identity")
    ]


def test_who_manages_two_units_enrols_members_of_both_and_of_no_other() -> None:
    school, court, police = UNITS[SCHOOL][0], UNITS[COURT][0], UUID(int=77)
    own = Directory(UNITS, COMMUNITIES, frozenset({school, police}))
    assert problems(read(row(), row(单位=COURT, 手机="10000000002"), directory=own)) == [(3, "C", "unit_not_yours")]
    short = ["姓名", "政治面貌", "手机"]
    content = table([f"{COURT}花名册"], short, ["柳青", "党员", "10000000001"])
    assert problems(read_sheets(content, own)) == [(3, "A", "unit_not_yours")]
    both = Directory(UNITS, COMMUNITIES, frozenset({school, court}))
    assert [person.unit_id for person in read_sheets(content, both).rows] == [court]
    only = Directory(UNITS, COMMUNITIES, frozenset({court}))
    assert [person.unit_id for person in read_sheets(table(short, ["柳青", "党员", "10000000001"]), only).rows] == [court]


@pytest.mark.parametrize(("blanks", "is_read"), [(238, True), (239, False)])
def test_a_label_of_more_than_two_hundred_and_forty_signs_is_none(blanks: int, *, is_read: bool) -> None:
    reading = read_sheets(table([*HEADER[:5], "邮" + " " * blanks + "箱"], [*row()[:5], "liu@members.example"]), DIRECTORY)
    assert [person.email for person in reading.rows] == ["liu@members.example" if is_read else None]
