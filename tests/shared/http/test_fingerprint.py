"""What counts as the same request."""

from typing import Any

import pytest

from shared.http.fingerprint import BODY, canonical, fingerprint_of, without_boundary

ACCOUNT = ("north", "clerk")
REQUEST = {"method": "POST", "path": "/posts", "query_string": b"", BODY: b'{"title":"x","places":2}'}


def test_a_retry_may_write_its_json_in_another_way() -> None:
    again = REQUEST | {BODY: b'{ "places": 2,\n "title": "\\u0078" }'}
    assert fingerprint_of(b"key", ACCOUNT, REQUEST) == fingerprint_of(b"key", ACCOUNT, again)


@pytest.mark.parametrize(
    "other",
    [
        {"method": "PUT"},
        {"path": "/posts/1"},
        {"query_string": b"dry_run=true"},
        {BODY: b'{"title":"x","places":3}'},
        {BODY: b'{"title":"x","places":"2"}'},
        {BODY: b'{"title":"x","places":2,"more":null}'},
        {BODY: b""},
        {BODY: b'{"title":"x","places":2'},
        {BODY: b'{"places":18446744073709551616}'},
    ],
)
def test_every_part_of_the_request_counts(other: dict[str, Any]) -> None:
    assert fingerprint_of(b"key", ACCOUNT, REQUEST) != fingerprint_of(b"key", ACCOUNT, REQUEST | other)


@pytest.mark.parametrize("account", [("north", "admin"), ("south", "clerk"), ("northc", "lerk")])
def test_the_account_counts(account: tuple[str, str]) -> None:
    assert fingerprint_of(b"key", ACCOUNT, REQUEST) != fingerprint_of(b"key", account, REQUEST)


def test_without_the_key_nobody_can_try_bodies_out() -> None:
    assert fingerprint_of(b"key", ACCOUNT, REQUEST) != fingerprint_of(b"other", ACCOUNT, REQUEST)


def test_order_in_a_list_counts_and_order_of_fields_does_not() -> None:
    assert canonical(b'{"b":[1,2],"a":1}') == canonical(b'{"a":1,"b":[1,2]}') != canonical(b'{"a":1,"b":[2,1]}')


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_form_is_the_same_with_another_boundary(quote: bytes) -> None:
    def form(boundary: bytes, content: bytes) -> bytes:
        sent = b"--" + boundary + b"\r\n\r\n" + content + b"\r\n--" + boundary + b"--\r\n"
        return without_boundary(sent, b"multipart/form-data; boundary=" + quote + boundary + quote)

    assert form(b"one", b"roster") == form(b"two", b"roster") != form(b"two", b"another")
    assert without_boundary(b"a=1", b"application/x-www-form-urlencoded") == b"a=1"
