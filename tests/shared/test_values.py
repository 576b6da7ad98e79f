"""One rule for what is kept: commands, events and requests refuse the same values; what is in a log is read as it is."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field, SecretStr, ValidationError

from shared.contracts.activities.posts import PostAmended
from shared.contracts.event import Value
from shared.contracts.values import HAS_LINES, fault_in
from shared.decider import Command
from shared.eventlog.envelope import decode
from shared.testing.samples import sample

REFUSED = [
    *("\0", "\t", "\x0b", "\r", "\x1b", "\x7f", "\x85", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066", "\u2069"),
    *("\ud800", "\udfff", "\ufdd0", "\ufffe", "\uffff", "\U0001ffff", "\U0010fffe"),
]
ACCEPTED = ["书法", "𠮷", "👨‍👩‍👧", "e\u0301", "张\ue863", "户戶⼾", "\u200e", "100%", "'; --", "a\\u0000"]


class Part(Value):
    """Part of something."""

    label: str = ""


class Change(Command):
    """A command with texts in every place."""

    text: str = ""
    texts: tuple[str, ...] = ()
    by_name: dict[str, str] = Field(default_factory=dict)
    part: Part | None = None


class Sent(BaseModel):
    """A request body."""

    line: str = ""
    lines: Annotated[str, HAS_LINES] | None = None
    paragraphs: list[Annotated[str, HAS_LINES]] = []
    secret: SecretStr = SecretStr("")
    number: float | Decimal | int = Field(default=0, union_mode="left_to_right")


@pytest.mark.parametrize("sign", REFUSED, ids=ascii)
@pytest.mark.parametrize("place", ["text", "texts", "by_name", "keys", "part"])
def test_no_command_can_be_made_with_text_that_cannot_be_kept(sign: str, place: str) -> None:
    text = f"整理{sign}图书"
    values: dict[str, Any] = {"text": text, "texts": ("", text), "by_name": {"a": text}, "part": {"label": text}}
    with pytest.raises(ValidationError) as refused:
        Change.model_validate({"by_name": {text: ""}} if place == "keys" else {place: values[place]})
    assert {"by_name" if place == "keys" else place} <= set(str(refused.value).replace(".", " ").replace(":", " ").split())


@pytest.mark.parametrize("sign", REFUSED, ids=ascii)
def test_no_event_can_be_made_with_text_that_cannot_be_kept(sign: str) -> None:
    with pytest.raises(ValidationError):
        sample(PostAmended, duties=f"整理图书{sign}")


@pytest.mark.parametrize("text", ACCEPTED)
def test_every_other_text_is_kept_as_it_is(text: str) -> None:
    assert Change(text=text, texts=(text,)).text == text
    assert fault_in(Sent(line=text)) is None


def test_an_event_of_the_log_is_read_whatever_it_says() -> None:
    stored = sample(PostAmended, duties="整理图书").model_dump_json().replace("整理图书", "整理图书\\u0000")
    body = (
        '{"sequence":"000000000001","streamversion":1,"recordedtime":"2026-01-01T00:00:00Z","specversion":"1.0",'
        f'"id":"{UUID(int=1)}","source":"/districts/zhanqian/activities","type":"{PostAmended.type_name()}","subject":"post/{UUID(int=2)}",'
        f'"time":"2026-01-01T00:00:00Z","datacontenttype":"application/json","actor":"a","data":{stored}}}'
    )
    recorded = decode(body.encode())
    assert (recorded.problem, isinstance(recorded.data, PostAmended)) == (None, True)
    assert isinstance(recorded.data, PostAmended)
    assert recorded.data.duties == "整理图书\0"


def test_line_feeds_belong_to_texts_that_have_lines() -> None:
    assert fault_in(Sent(lines="一\n二", paragraphs=["一\n二"])) is None
    assert fault_in(Sent(line="一\n二")) == (
        ("line",),
        "text_not_plain",
        "text without control characters, direction marks and line separators",
    )
    assert Change(text="一\n二").text == "一\n二"
    for sign in ("\r", "\0", "\u2028"):
        assert fault_in(Sent(lines=sign)) is not None


@pytest.mark.parametrize(
    "value",
    [2**31, -(2**31), 2**63, 10**4000, 1e300, float("nan"), float("inf"), Decimal("1e200000"), Decimal("1e-17")],
    ids=lambda each: f"{each!r:.12}",
)
def test_numbers_that_fit_no_column_are_refused(value: Any) -> None:
    found = fault_in({"a": [value]})
    assert found is not None
    assert (found.where, found.code) == (("a", 0), "number_out_of_range")


def test_days_secrets_and_numbers_within_their_ranges() -> None:
    assert fault_in([2**31 - 1, -5, 0.25, Decimal("12.34"), True, date(2200, 12, 31), datetime(1900, 1, 1, tzinfo=UTC)]) is None
    assert fault_in({"day": date(2201, 1, 1)}) == (("day",), "date_out_of_range", "a day from 1900-01-01 to 2200-12-31")
    assert fault_in(Sent(secret=SecretStr("a\0"))) is not None
