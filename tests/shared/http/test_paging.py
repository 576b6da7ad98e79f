"""A cursor is decoded into the types of its columns; anything else is malformed, never a defect."""

import contextlib
from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.http.answers import Malformed
from shared.http.paging import decode_cursor, encode_cursor

SOME = UUID("0192aaaa-0000-7000-8000-0000000000ff")


class Kind(StrEnum):
    ONE = "ONE"


def test_parts_come_back_in_their_types():
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert decode_cursor(encode_cursor(moment.isoformat(), SOME), (datetime, UUID)) == (moment, SOME)
    assert decode_cursor(encode_cursor(date(2026, 3, 1), 7, "书法"), (date, int, str)) == (date(2026, 3, 1), 7, "书法")
    assert decode_cursor(encode_cursor(Kind.ONE), (Kind,)) == (Kind.ONE,)


def test_without_a_cursor_the_list_begins():
    assert decode_cursor(None, (UUID,)) is None
    assert decode_cursor("", (UUID,)) is None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (UUID, "x"),
        (int, "-1"),
        (int, "9" * 16),
        (int, "²"),
        (date, "0001-01-01"),
        (datetime, "2026-03-01T12:00:00"),
        (datetime, "9999-12-31T23:59:59Z"),
        (Kind, "TWO"),
        (str, "a\x00b"),
        (str, "a\u2028b"),
    ],
)
def test_a_part_of_another_type_is_malformed(kind, text):
    with pytest.raises(Malformed):
        decode_cursor(encode_cursor(text), (kind,))


@given(
    st.one_of(st.text(), st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3).map(lambda parts: encode_cursor(*parts)))
)
@example("WyJ4IiwieSIsInoiXQ")
@example("WyJcdWQ4MDAiXQ")
@example("\ud800")
def test_whatever_is_sent_is_parts_or_malformed(cursor):
    for kinds in ((UUID,), (datetime, UUID), (date, str, int), (int,), (Kind, str)):
        with contextlib.suppress(Malformed):
            decode_cursor(cursor, kinds)
