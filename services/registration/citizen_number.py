"""Citizen numbers (GB 11643-1999): checked, masked, never used as a key.

Trap: the area code is checked by its province only. Codes are revoked, merged and split, and tables (python-stdnum's too) have holes, so a
real number of an old person would be refused; provinces do not come and go.
"""

from datetime import date
from typing import Final

from stdnum.cn import ric
from stdnum.exceptions import ValidationError

LENGTH = 18
PROVINCES: Final = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83))
)
OF_INVENTED_PEOPLE: Final = "990803"  # no such area: examples and training use it
FIRST_YEAR: Final = 1900
YOUNGEST: Final = 18  # admission to the party (Constitution of the CPC, article 1)
OLDEST: Final = 120


class CitizenNumberInvalid(ValueError):
    """Not a citizen number: wrong length, signs, area, birth date or check digit."""


def parse(text: str, today: date | None = None) -> str:
    """The 18 signs of a citizen number with an upper-case X. With `today`, of somebody between 18 and 120.

    Raises CitizenNumberInvalid (which never repeats the number).
    """
    number = ric.compact("".join(text.split()))
    if len(number) != LENGTH or not (number[:-1].isascii() and number[:-1].isdigit()):
        raise CitizenNumberInvalid
    try:
        born = ric.get_birth_date(number)
    except ValidationError:
        raise CitizenNumberInvalid from None
    if number[-1] != ric.calc_check_digit(number) or not (number[:2] in PROVINCES or number.startswith(OF_INVENTED_PEOPLE)):
        raise CitizenNumberInvalid
    if "0000" in (number[2:6], number[14:17]) or number[14:17] == "000" or born.year < FIRST_YEAR:
        raise CitizenNumberInvalid
    if today is not None and not YOUNGEST <= today.year - born.year - ((today.month, today.day) < (born.month, born.day)) <= OLDEST:
        raise CitizenNumberInvalid
    return number


def masked(number: str) -> str:
    """`11010519491231002X` as people may see it: `1101**********002X`."""
    return f"{number[:4]}{'*' * (LENGTH - 8)}{number[-4:]}"
