"""Unified social credit codes (GB 32100-2015) of units: who registered it, kind, area, organisation code, check sign."""

from typing import Final

from stdnum.cn import uscc

ALPHABET: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
# Departments: 1 to 9 as in table 1 of the standard; A military, G state assets, N agriculture, Y others. python-stdnum knows digits only.
DEPARTMENTS: Final = frozenset("123456789AGNY")
KINDS: Final = frozenset("123456789")
LENGTH: Final = 18


class CreditCodeInvalid(ValueError):
    """Not a unified social credit code: wrong length, signs, department, area or check sign."""


def parse(text: str) -> str:
    """The 18 signs in capitals. Raises CreditCodeInvalid."""
    code = uscc.compact(text)
    if len(code) != LENGTH or not ALPHABET.issuperset(code) or code[0] not in DEPARTMENTS or code[1] not in KINDS:
        raise CreditCodeInvalid
    if not code[2:8].isdigit() or code[-1] != uscc.calc_check_digit(code):
        raise CreditCodeInvalid
    return code
