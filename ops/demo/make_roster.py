"""Makes the demo's roster in the form that Chinese offices use, with invented people: registrants by community × occupation group.

    python -m ops.demo.make_roster [ops/demo/roster.xlsx] [members] [seed]

Invariant: 75 members match the table exactly, other numbers keep its proportions (largest remainder). Equal arguments give equal rows.
"""

import datetime as dt
import io
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import xlsxwriter
from stdnum.cn import ric
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

ROSTER: Final = Path(__file__).parent / "roster.xlsx"
MEMBERS: Final = 75
SEED: Final = 20260302
STREET: Final = "东林街道"

GROUPS: Final[tuple[str, ...]] = ("DISTRICT_ORGAN", "TEACHER", "POLICE", "STREET_OFFICE")
GROUP_NAMES: Final[dict[str, str]] = dict(zip(GROUPS, ("区机关", "教师", "公安", "各办事处"), strict=True))

# Registrants by community (rows) and occupation group (columns, as GROUPS). The margins are real, the cells invented.
JOINT_TABLE: Final = {
    "新风社区": (1, 2, 1, 1),
    "南园社区": (2, 13, 5, 3),
    "公园社区": (2, 11, 4, 3),
    "安民社区": (1, 3, 6, 1),
    "春光社区": (1, 7, 3, 2),
    "钢铁社区": (0, 1, 0, 0),
    "东晶社区": (1, 0, 1, 0),
}


@dataclass(frozen=True)
class Unit:
    """A work unit to establish before the roster is read."""

    name: str
    occupation_group: str
    contact_email: str


@dataclass(frozen=True)
class Community:
    """A community to establish below STREET before the roster is read."""

    name: str
    community_type: str
    contact_email: str


@dataclass(frozen=True)
class Person:
    """One invented member as the roster shows them."""

    name: str
    citizen_number: str
    political_status: str
    unit: str
    occupation: str
    phone: str
    email: str
    community: str


UNITS: Final = (
    Unit("云溪区发展和改革局", "DISTRICT_ORGAN", "fagai@units.guangcai.example"),
    Unit("云溪区民政局", "DISTRICT_ORGAN", "minzheng@units.guangcai.example"),
    Unit("云溪区司法局", "DISTRICT_ORGAN", "sifa@units.guangcai.example"),
    Unit("云溪区育光小学", "TEACHER", "yuguang@units.guangcai.example"),
    Unit("云溪区第二初级中学", "TEACHER", "erzhong@units.guangcai.example"),
    Unit("云溪区实验学校", "TEACHER", "shiyan@units.guangcai.example"),
    Unit("云溪区晨曦幼儿园", "TEACHER", "chenxi@units.guangcai.example"),
    Unit("云溪公安分局治安大队", "POLICE", "zhian@units.guangcai.example"),
    Unit("云溪公安分局新河派出所", "POLICE", "xinhe@units.guangcai.example"),
    Unit("云溪公安分局交警大队", "POLICE", "jiaojing@units.guangcai.example"),
    Unit("东林街道办事处", "STREET_OFFICE", "donglin@units.guangcai.example"),
    Unit("西桥街道办事处", "STREET_OFFICE", "xiqiao@units.guangcai.example"),
)
COMMUNITIES: Final = (
    Community("新风社区", "再就业型", "xinfeng@communities.guangcai.example"),
    Community("南园社区", "学习型", "nanyuan@communities.guangcai.example"),
    Community("公园社区", "文体型", "gongyuan@communities.guangcai.example"),
    Community("安民社区", "平安型", "anmin@communities.guangcai.example"),
    Community("春光社区", "环保型", "chunguang@communities.guangcai.example"),
    Community("钢铁社区", "共建型", "gangtie@communities.guangcai.example"),
    Community("东晶社区", "科普型", "dongjing@communities.guangcai.example"),
)

SURNAMES: Final = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜谢邹喻柏窦章云苏潘葛范彭鲁韦昌马苗"
GIVEN: Final = "文海明华建国秀英志强晓雨思远嘉宁雅琴立新春梅俊杰若兰永康佳怡景行书墨清和安然亦凡子衿知夏向阳望舒致远"
AREA: Final = "990803"  # no such area: the numbers can belong to nobody
# Positions of the 合计 row and of the invalid rows, counted in valid rows.
BAD_AFTER: Final = {9: "numeric", 24: "check digit", 41: "unknown unit", 60: "duplicate"}
UNKNOWN_UNIT: Final = "云溪区园林绿化管理处"
WIDTHS: Final = (6, 12, 24, 14, 26, 12, 16, 32, 14, 18)


def cells(members: int) -> dict[tuple[str, str], int]:
    """Members per (community, occupation group): the joint table scaled by largest remainder (ties: the earlier cell)."""
    table = {
        (community, group): count for community, counts in JOINT_TABLE.items() for group, count in zip(GROUPS, counts, strict=True) if count
    }
    scaled = {cell: divmod(count * members, MEMBERS) for cell, count in table.items()}
    missing = members - sum(whole for whole, _ in scaled.values())
    largest = sorted(scaled, key=lambda cell: -scaled[cell][1])[:missing]
    return {cell: whole + (cell in largest) for cell, (whole, _) in scaled.items()}


def rows(members: int = MEMBERS, seed: int = SEED) -> list[Person]:
    """Invented members, ordered by unit as in real rosters; equal arguments give equal rows."""
    chance = random.Random(seed)  # noqa: S311 - invented people, no secret
    people: list[Person] = []
    turn: dict[str, int] = dict.fromkeys(GROUPS, 0)
    for (community, group), count in cells(members).items():
        units = [unit.name for unit in UNITS if unit.occupation_group == group]
        for _ in range(count):
            people.append(_person(chance, len(people), units[turn[group] % len(units)], GROUP_NAMES[group], community))
            turn[group] += 1
    order = {unit.name: place for place, unit in enumerate(UNITS)}
    return sorted(people, key=lambda person: order[person.unit])


def _person(chance: random.Random, serial: int, unit: str, occupation: str, community: str) -> Person:
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2))))
    # A birth date allows 999 serials: every block of 999 people has its own birth dates, so that no number repeats (below 20,000).
    born = dt.date(1967, 1, 1) + dt.timedelta(days=chance.randrange(650) * 20 + serial // 999)
    stem = f"{AREA}{born:%Y%m%d}{serial % 999 + 1:03d}"
    return Person(
        name=name,
        citizen_number=stem + ric.calc_check_digit(stem + "0"),
        political_status="中共预备党员" if serial % 25 == 24 else "中共党员",
        unit=unit,
        occupation=occupation,
        phone=f"100{serial:08d}",  # no operator uses 100
        email=f"member{serial + 1:04d}@members.guangcai.example",
        community=community,
    )


def write_workbook(path: Path, members: int = MEMBERS, seed: int = SEED) -> None:
    """Write the roster to `path`: merged title, two-row header, the people, four bad rows, 合计, a footnote."""
    people = rows(members, seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": dt.datetime(2026, 3, 2, tzinfo=dt.UTC), "title": "在职党员进社区报到花名册"})
        sheet = workbook.add_worksheet("花名册")
        border = workbook.add_format({"border": 1, "align": "center", "valign": "vcenter"})
        head = workbook.add_format({"border": 1, "align": "center", "valign": "vcenter", "bold": True, "text_wrap": True})
        title = workbook.add_format({"align": "center", "valign": "vcenter", "bold": True, "font_size": 18})
        _write_head(sheet, title, head)
        line = 4
        for number, person in enumerate(people, start=1):
            _write_person(sheet, line, person, border, number)
            line += 1
            if number in BAD_AFTER:
                _write_bad(sheet, line, BAD_AFTER[number], people, border)
                line += 1
        sheet.merge_range(line, 0, line, 1, "合计", head)
        sheet.merge_range(line, 2, line, 9, f"{len(people) + len(BAD_AFTER)} 人", head)
        sheet.write_string(line + 1, 0, "填表人:区委组织部基层办    审核人:")


def workbook(directory: Path, members: int = MEMBERS) -> bytes:
    """The committed workbook; for another number of members one of the same form, written to `directory`."""
    if members == MEMBERS:
        return ROSTER.read_bytes()
    path = directory / f"roster-{members}.xlsx"
    write_workbook(path, members)
    return path.read_bytes()


def correction_sheets(members: int = MEMBERS) -> bytes:
    """A second roster as an office sends it later: two sheets, a column 联络方式 that nobody knows, one person no longer on probation."""
    people = rows(members)
    changed = next((person for person in people if person.political_status == "中共预备党员"), people[0])
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as workbook:
        workbook.set_properties({"created": dt.datetime(2026, 3, 2, tzinfo=dt.UTC)})
        for name, person in (("机关", people[0]), ("转正", changed)):
            sheet = workbook.add_worksheet(name)
            sheet.write_row(0, 0, ["姓名", "公民身份证号", "所在党支部", "正式/预备", "拟报到社区", "联络方式"])
            sheet.write_row(
                1, 0, [person.name, person.citizen_number, f"{person.unit}党支部", "正式", f"{person.community}党委", person.phone]
            )
    return target.getvalue()


def _write_head(sheet: Worksheet, title: Format, head: Format) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.merge_range(0, 0, 0, 9, "云溪区在职党员进社区报到花名册", title)
    sheet.write_string(1, 0, "填报单位:区委组织部")
    for column, label in ((0, "序号"), (8, "居住社区"), (9, "备 注")):
        sheet.merge_range(2, column, 3, column, label, head)
    for left, right, label in ((1, 3, "基本情况"), (4, 5, "单位情况"), (6, 7, "联系方式")):
        sheet.merge_range(2, left, 2, right, label, head)
    for column, label in enumerate(("姓 名", "公民身份号码", "政治面貌", "工作单位", "职业类别", "手机", "电子邮箱"), start=1):
        sheet.write_string(3, column, label, head)
    sheet.freeze_panes(4, 0)


def _write_person(sheet: Worksheet, line: int, person: Person, border: Format, number: int) -> None:
    # Every ninth row is typed carelessly: a wide space in a short name, full-width digits.
    is_odd = number % 9 == 0
    name = " ".join(person.name) if is_odd and len(person.name) == 2 else person.name
    phone = person.phone.translate({48 + digit: 0xFF10 + digit for digit in range(10)}) if is_odd else person.phone
    texts = (
        name,
        person.citizen_number,
        person.political_status,
        person.unit,
        person.occupation,
        phone,
        person.email,
        person.community,
        "",
    )
    sheet.write_number(line, 0, number, border)
    for column, value in enumerate(texts, start=1):
        sheet.write_string(line, column, value, border)


def _write_bad(sheet: Worksheet, line: int, kind: str, people: list[Person], border: Format) -> None:
    """One of four typical mistakes in rosters. Except for the duplicate, the people in them are not in the valid rows."""
    stem = f"{AREA}19800229{line % 999:03d}"
    number = stem + ric.calc_check_digit(stem + "0")
    good = people[0]
    person = Person("冯若云", number, "中共党员", good.unit, good.occupation, f"1009{line:07d}", "", good.community)
    match kind:
        case "check digit":
            wrong = "0" if number[-1] != "0" else "1"
            _write_person(sheet, line, Person(**{**vars(person), "name": "韩知秋", "citizen_number": number[:-1] + wrong}), border, 1)
        case "unknown unit":
            _write_person(sheet, line, Person(**{**vars(person), "name": "柏青禾", "unit": UNKNOWN_UNIT}), border, 1)
        case "duplicate":
            _write_person(sheet, line, good, border, 1)
        case _:
            _write_person(sheet, line, person, border, 1)
            sheet.write_number(line, 2, float(number[:-1] + "0"), border)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    write_workbook(
        Path(arguments[0]) if arguments else ROSTER,
        int(arguments[1]) if len(arguments) > 1 else MEMBERS,
        int(arguments[2]) if len(arguments) > 2 else SEED,
    )
