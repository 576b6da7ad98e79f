"""Looking up a name by its signs or its initials, and names in the order of their pinyin."""

import pytest

from services.registration.members.names import COMPOUND, SURNAMES, by_pinyin, initials, is_found_by


@pytest.mark.parametrize(
    ("name", "typed"),
    [("郑启明", "zqm"), ("郑启明", "zq"), ("单田方", "stf"), ("仇英南", "qyn"), ("尉迟安", "yca"), ("何云帆", "云帆"), ("Li Wei", "li")],
)
def test_a_name_is_found_by_signs_and_initials(name: str, typed: str) -> None:
    assert is_found_by(name, typed)


@pytest.mark.parametrize(("name", "typed"), [("郑启明", "qm"), ("郑启明", "明启"), ("郑启明", " "), ("", "z")])
def test_nobody_else_is_found(name: str, typed: str) -> None:
    assert not is_found_by(name, typed)


def test_a_sign_with_several_readings_is_found_by_any_of_them() -> None:
    assert {"zcl", "zzl", "zcy", "zzy"} <= initials("赵长乐")
    assert len(initials("乐" * 12)) <= 64


def test_names_are_in_the_order_of_their_pinyin_and_surnames_read_as_surnames() -> None:
    in_order = ["白羽", "仇英", "单雄", "上官云", "王芳", "尉迟恭", "曾国", "张三", "张四"]
    assert sorted(set(in_order), key=by_pinyin) == in_order


def test_a_surname_with_a_reading_of_its_own_is_found_by_both() -> None:
    assert {"sx", "dx"} <= initials("单雄")
    for surname, initial in SURNAMES.items():
        assert is_found_by(f"{surname}飞", f"{initial}f"), surname
    for surname, both in COMPOUND.items():
        assert is_found_by(f"{surname}飞", f"{both}f"), surname
    assert initials("令狐冲") == {"lhc"} | {each for each in initials("令狐冲") if each.startswith("lh")}


def test_only_the_surname_is_read_as_one() -> None:
    assert by_pinyin("单雄")[0] == "s"
    assert by_pinyin("王单")[0] == "w"
    assert by_pinyin("尉迟恭")[0] == "y"
    assert by_pinyin("尉华")[0] == "y"
    assert by_pinyin("陈令狐")[0] == "c"
    assert by_pinyin("长孙无忌")[0] == by_pinyin("长孙")[0] == "z"
