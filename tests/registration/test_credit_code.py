"""Unified social credit codes of every department hold; wrong signs do not."""

import pytest
from stdnum.cn import uscc

from services.registration.credit_code import CreditCodeInvalid, parse


def checked(start: str) -> str:
    return start + uscc.calc_check_digit(start + "0")


@pytest.mark.parametrize(
    "code",
    [
        "N2110105MA01ABCD5Y",
        "91110000600037341L",
        *(checked(f"{first}110105MA01ABCD5") for first in ("A1", "G1", "Y1", "N1", "N9", "12", "51", "93")),
    ],
)
def test_codes_of_every_department_hold(code: str) -> None:
    assert parse(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    "code",
    ["", "N2110105MA01ABCD5X", checked("I1110105MA01ABCD5".replace("I", "0")), checked("Z1110105MA01ABCD5".replace("Z", "B")), "9" * 18],
)
def test_wrong_codes_are_refused(code: str) -> None:
    with pytest.raises(CreditCodeInvalid):
        parse(code)
