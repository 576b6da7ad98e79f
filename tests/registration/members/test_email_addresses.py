"""An address that no mail server takes is refused where it is entered, by people and in rosters alike."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.registration.personal_fields import Email, is_email

EMAIL = TypeAdapter[str](Email)


@pytest.mark.parametrize("text", ["xiaohe@example.cn", "xiao.he+dang@mail.example.cn", "a_b%c-d@units.guangcai.example", "1@a-b.cn"])
def test_an_address_that_can_be_written_to_is_kept_as_it_is_written(text: str) -> None:
    assert EMAIL.validate_python(text) == text
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        *("xiao..he@example.cn", ".xiaohe@example.cn", "xiaohe.@example.cn", "xiaohe@-example.cn", "xiaohe@example-.cn"),
        *("xiaohe@example..cn", "xiaohe@", "@example.cn", "xiaohe", f"{'a' * 65}@example.cn", f"a@{'b' * 64}.cn", "xiaohe@example.cn\n"),
    ],
)
def test_an_address_that_no_server_takes_is_refused(text: str) -> None:
    assert not is_email(text)
    with pytest.raises(ValidationError):
        EMAIL.validate_python(text)
