"""Citizen numbers (GB 11643-1999): checked, masked, never used as a key.

Trap: the area code is not checked against a table. Codes are revoked, merged and split, and tables (python-stdnum's too) have holes, so a
real number of an old person would be refused.
"""

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

LENGTH = 18


class CitizenNumberInvalid(ValueError):
    """Not a citizen number: wrong length, signs, birth date or check digit."""


def parse(text: str) -> str:
    """The 18 signs of a citizen number with an upper-case X. Raises CitizenNumberInvalid (which never repeats the number)."""
    number = ric.compact("".join(text.split()))
    if len(number) != LENGTH or not (number[:-1].isascii() and number[:-1].isdigit()):
        raise CitizenNumberInvalid
    try:
        ric.get_birth_date(number)
    except ValidationError:
        raise CitizenNumberInvalid from None
    if number[-1] != ric.calc_check_digit(number):
        raise CitizenNumberInvalid
    return number


def masked(number: str) -> str:
    """`11010519491231002X` as people may see it: `1101**********002X`."""
    return f"{number[:4]}{'*' * (LENGTH - 8)}{number[-4:]}"
