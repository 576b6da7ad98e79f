"""Which rows of a table are people: every row here stands below a person, and is one more or is none."""

import pytest

from services.registration.rosters.roster import read_sheets
from tests.registration.rosters.test_roster import DIRECTORY, NUMBER, SCHOOL, table

HEADER = ["序号", "姓名", "身份证号", "单位", "政治面貌", "手机", "邮箱", "备注"]
PERSON = [1, "柳青", NUMBER, SCHOOL, "中共党员", "10000000001", "", ""]


def people(line: list[object]) -> int:
    reading = read_sheets(table(HEADER, PERSON, line), DIRECTORY)
    named = {each.row for each in reading.remarks if each.code == "row_without_person"}
    assert (reading.total == 1) == (3 in named), "a row is a person or is named"
    return reading.total - 1


@pytest.mark.parametrize(
    "line",
    [
        ["", "何云帆"],
        ["", "何云帆", "", "", "", "", "", ""],
        ["", "云" * 30],
        [2, "何云帆"],
        [2, "何云帆", "", "合计"],
        [2, "何云帆", "", "某统计"],
        ["", "", "", SCHOOL, "", "不知道"],
        ["", "", "1234567"],
        ["", "", "", "", "", "1234567"],
        ["", "", "", "", "", "电话 139-0000"],
        ["", "", "", "", "预备党员"],
        ["合计", "", "", "", "党员"],
        ["注:", "", NUMBER],
        ["", "", "", "", "", "", "he@members.example"],
        ["", "1", 2],
        ["", "一", "二"],
    ],
)
def test_whoever_might_be_a_person_is_read_or_refused(line: list[object]) -> None:
    assert people(line) == 1


@pytest.mark.parametrize(
    "line",
    [
        ["完"],
        ["完", "", "", "", "", "", "", ""],
        ["", "", "", SCHOOL],
        [2, "", "", SCHOOL],
        [2, "", "", "", "", "", "", "某某"],
        ["", "云" * 31],
        ["", "填表人"],
        [2, "说明:略"],
        ["", "", "", SCHOOL, "", "略。"],
        ["总计", 2],
        ["", "总计", 2],
        ["其中:预备党员", 1],
        ["党员合计", 2],
        ["合计", "", "", "", 1],
        ["合计", "", "", "", "2"],
        ["", "", "123456"],
        ["", "", "", "", "", "123456"],
        ["", "", "", "", "", "填表电话:82345678"],
        ["", "", "", "", "群众"],
        ["", "", "", "", "", "", "he@members"],
        [1, 2, 3],
        [1, 2, 3, 4, 5, 6, 7, 8],
        ["(1)", "(2)", "(3)"],
        ["一", "二", "三"],
        ["A", "B", "C", "D"],
        ["1栏", "2栏", "3栏"],
    ],
)
def test_what_is_nobody_is_named(line: list[object]) -> None:
    assert people(line) == 0


@pytest.mark.parametrize("line", [[1, 2, 4], [2, 3, 4], ["B", "C", "D"]])
def test_numbers_that_do_not_count_from_the_first_column_are_a_row(line: list[object]) -> None:
    assert people(line) == 1
