"""Numbers and codes are read as people type them."""

import pytest

from services.registration.numbers import MEMBER_PREFIX, code_of, printed, typed, typed_number
from tests.registration.given import MEMBER


@pytest.mark.parametrize("text", ["DY-7K3M9-Q2A4B", "dy 7k3m9 q2a4b", "7k3m9q2a4b", "DY7K3M9-Q2A4B "])
def test_numbers_are_read_as_people_type_them(text: str) -> None:
    assert typed_number(MEMBER_PREFIX, text) == "DY-7K3M9-Q2A4B"
    assert typed_number(MEMBER_PREFIX, text.upper().replace("7K", "DY")) == "DY-DY3M9-Q2A4B"


def test_a_code_is_read_as_it_was_meant() -> None:
    code = code_of(bytes(range(32)))
    assert typed(f" {code.lower()} ") == typed(code) == code.replace("-", "")
    assert typed("O0-Il1") == "00111"
    assert typed_number(MEMBER_PREFIX, printed(MEMBER_PREFIX, MEMBER)) == printed(MEMBER_PREFIX, MEMBER)
