"""Requests are checked before they are parsed; refusing one costs no more than sending it."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from time import process_time
from typing import Any
from uuid import UUID

import httpx2
import pytest

from shared.http.answers import Malformed
from shared.http.door import check_json, network
from shared.http.limits import KIB, MIB, Limits, Rate
from shared.identity import Role
from tests.shared.http.service_of_doors import LONG_JSON_BYTES, UPLOAD_BYTES, Guarded, code

MOST = Limits().body_bytes
HEADER_NAMES = ("idempotency-key", "if-match", "guangcai-read-after", "guangcai-time", "guangcai-district")
RATINGS = "/districts/zhanqian/ratings"
SLOW = Limits().without_rates().model_copy(update={"principal": Rate(per_second=1, burst=3), "anonymous": Rate(per_second=1, burst=2)})


@pytest.fixture
def service() -> Guarded:
    return Guarded()


async def chunks(*parts: bytes, sent: list[int]) -> AsyncIterator[bytes]:
    for part in parts:
        sent.append(len(part))
        yield part


# Sizes


async def test_a_million_keys_from_anybody_are_refused_at_once(service: Guarded) -> None:
    body = json.dumps({f"k{number}": 1 for number in range(1_000_000)}).encode()
    async with service.client() as client:
        began = process_time()
        answer = await client.post(RATINGS, content=body, headers={"Content-Type": "application/json"})
        took = process_time() - began
    assert code(answer) == (413, "too_large")
    assert took < 0.5


@pytest.mark.parametrize("path", ["/things", RATINGS])
async def test_a_body_is_as_large_as_the_limit_and_no_larger(service: Guarded, path: str) -> None:
    wrapping = len(json.dumps({"token": ""}))
    async with service.client() as client:
        for size, status in ((MOST, 200), (MOST + 1, 413)):
            body = json.dumps({"token": "x" * (size - wrapping)})
            answer = await client.post(path, content=body, headers=service.token() | {"Content-Type": "application/json"})
            assert answer.status_code == status


async def test_a_body_without_a_length_is_cut_off_where_it_passes_the_limit(service: Guarded) -> None:
    received = 0

    async def receive() -> dict[str, Any]:
        nonlocal received
        received += 64 * KIB
        return {"type": "http.request", "body": b" " * 64 * KIB, "more_body": True}

    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "path": RATINGS, "query_string": b"", "headers": headers, "client": ("203.0.113.7", 1)}
    async with asyncio.timeout(5):
        await service.app({**scope, "http_version": "1.1", "scheme": "http", "root_path": ""}, receive, send)
    assert answers[0]["status"] == 413
    assert received <= MOST + 64 * KIB


async def test_a_route_may_take_more(service: Guarded) -> None:
    async with service.client() as client:
        body = json.dumps(["x" * 1000] * 900)
        assert MOST < len(body) < LONG_JSON_BYTES
        answer = await client.post("/lists", content=body, headers=service.token() | {"Content-Type": "application/json"})
        assert answer.json() == 900
        for size, status in ((UPLOAD_BYTES - 10 * KIB, 200), (UPLOAD_BYTES + 1, 413)):
            answer = await client.post("/files", files={"file": b"x" * size}, headers=service.token())
            assert answer.status_code == status
            assert answer.status_code == 200 or code(answer) == (413, "too_large")


@pytest.mark.parametrize(
    ("headers", "expected"), [({}, (401, "unauthenticated")), ({"Authorization": "Bearer x.y.z"}, (401, "unauthenticated"))]
)
async def test_who_may_not_ask_is_not_read(service: Guarded, headers: dict[str, str], expected: tuple[int, str]) -> None:
    sent: list[int] = []
    async with service.client() as client:
        for path in ("/things", "/files"):
            answer = await client.post(path, content=chunks(b"x" * MIB, sent=sent), headers=headers)
            assert code(answer) == expected
        answer = await client.post("/things", content=chunks(b"{", sent=sent), headers=service.token(Role.MEMBER, subject=str(UUID(int=1))))
        assert code(answer) == (403, "forbidden")
    assert sent == []


# Shapes


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
        b'{"token":' + b"[" * 33 + b"]" * 33 + b"}",
        b'{"ids":[' + b"1," * 20_000 + b"1]}",
        b"[{" * 200,
        '{"token":"x"}'.encode("utf-16"),
        '{"token":"x"}'.encode("utf-32-le"),
        b'{"token":"\xff"}',
        b'{"token":' + b"9" * 10_000 + b"}",
        b"{",
        b"",
        b"\x00",
    ],
)
async def test_what_is_deep_endless_or_no_json_is_malformed(service: Guarded, body: bytes) -> None:
    async with service.client() as client:
        began = process_time()
        answer = await client.post(RATINGS, content=body, headers={"Content-Type": "application/json"})
    assert code(answer) == (422, "malformed")
    assert process_time() - began < 0.5


@pytest.mark.parametrize("body", [b"[" * MOST, b"{" * MOST, b"[]" * (MOST // 2), b"[{}]" * (MOST // 4), b'"' * MOST, b'"\\' * (MOST // 2)])
def test_looking_at_the_shape_is_quick_whatever_it_is(body: bytes) -> None:
    began = process_time()
    with contextlib.suppress(Malformed):
        check_json(body, Limits())
    assert process_time() - began < 0.2


def test_brackets_and_commas_in_texts_do_not_count() -> None:
    check_json(json.dumps({"text": '[{,\\"' * 5000, "more": ["}"] * 40}).encode(), Limits())


def test_the_deepest_body_allowed_is_allowed() -> None:
    depth = Limits().json_depth
    check_json(b"[" * depth + b"]" * depth, Limits())
    with pytest.raises(Malformed):
        check_json(b"[" * (depth + 1) + b"]" * (depth + 1), Limits())


async def test_many_errors_are_counted_not_listed(service: Guarded) -> None:
    async with service.client() as client:
        body = {f"k{number}": 1 for number in range(9_000)}
        began = process_time()
        answer = await client.post(RATINGS, json=body)
        took = process_time() - began
        assert code(answer) == (422, "malformed")
        assert [each["code"] for each in answer.json()["errors"]] == ["too_many_errors"]
        assert took < 0.2
        answer = await client.post(RATINGS, json={f"k{number}": 1 for number in range(50)})
        assert len(answer.json()["errors"]) == 50


# Rates


async def test_too_many_requests_are_answered_with_when_to_come_back() -> None:
    service = Guarded(SLOW)
    async with service.client() as client:
        statuses = [(await client.post("/things", json={}, headers=service.token())).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        answer = await client.post("/things", json={}, headers=service.token())
        assert code(answer) == (429, "too_many_requests")
        assert answer.headers["retry-after"] == "1"
        assert (await client.post("/things", json={}, headers=service.token(subject="other"))).status_code == 200
        service.now += 1
        assert (await client.post("/things", json={}, headers=service.token())).status_code == 200


async def test_services_of_ours_are_not_counted() -> None:
    service = Guarded(SLOW)
    token = service.token(Role.SERVICE, Role.STREET_ADMIN)
    async with service.client() as client:
        assert {(await client.post("/things", json={}, headers=token)).status_code for _ in range(10)} == {200}


async def test_without_an_account_the_address_counts() -> None:
    service = Guarded(SLOW)
    async with service.client() as client, service.client("203.0.113.8") as neighbour:
        statuses = [(await client.get("/districts/zhanqian/page")).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert (await neighbour.get("/districts/zhanqian/page")).status_code == 200


async def test_a_bad_token_counts_for_its_address_and_keeps_nobody_else_out() -> None:
    service = Guarded(SLOW)
    async with service.client() as client:
        answers = [await client.post("/things", json={}, headers={"Authorization": "Bearer x"}) for _ in range(3)]
        assert [each.status_code for each in answers] == [401, 401, 429]
        assert (await client.post("/things", json={}, headers=service.token())).status_code == 200


async def test_an_address_in_a_header_is_believed_of_services_of_ours_only() -> None:
    service = Guarded(SLOW)
    async with service.client() as client:
        stranger = [{"X-Forwarded-For": f"198.51.100.{number}", "Guangcai-Address": f"198.51.100.{number}"} for number in range(4)]
        statuses = [(await client.get("/districts/zhanqian/page", headers=each)).status_code for each in stranger]
        assert statuses == [200, 200, 429, 429]
        portal = [each | service.token(Role.SERVICE) for each in stranger]
        assert {(await client.get("/districts/zhanqian/page", headers=each)).status_code for each in portal} == {200}


@pytest.mark.parametrize("kind", ["path", "body"])
async def test_one_secret_is_tried_from_many_addresses_only_so_often(kind: str) -> None:
    service = Guarded(Limits().without_rates().model_copy(update={"secret": Rate(per_second=1, burst=3)}))

    async def use(number: int, secret: str) -> httpx2.Response:
        async with service.client(f"203.0.113.{number}") as client:
            if kind == "path":
                return await client.get(f"/districts/zhanqian/links/{secret}")
            return await client.post(RATINGS, json={"token": secret})

    assert [(await use(number, "secret")).status_code for number in range(4)] == [200, 200, 200, 429]
    assert (await use(9, "another")).status_code == 200


def test_an_ipv6_household_is_one_address() -> None:
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("fe80::1%eth0") == network("fe80::2")
    assert network("nonsense:") == network("more:nonsense")


# Headers


async def test_answers_for_one_person_are_not_kept(service: Guarded) -> None:
    async with service.client() as client:
        for answer in (
            await client.post("/things", json={}, headers=service.token()),
            await client.post("/things", json={"surprise": 1}, headers=service.token()),
            await client.get("/districts/zhanqian/links/secret"),
        ):
            assert answer.headers["cache-control"] == "no-store"
        assert "cache-control" not in (await client.get("/probe")).headers


async def test_every_answer_keeps_its_type_and_every_page_its_bounds(service: Guarded) -> None:
    async with service.client() as client:
        for path in ("/probe", "/nowhere", "/things", "/days/x", "/districts/zhanqian/page", "/docs", "/a%00b"):
            answer = await client.get(path)
            assert answer.headers["x-content-type-options"] == "nosniff"
            is_page = answer.headers["content-type"].startswith("text/html")
            assert ("content-security-policy" in answer.headers) is is_page
        assert (await client.get("/districts/zhanqian/page")).headers["content-security-policy"].startswith("default-src 'none'")
        form = (await client.get("/districts/zhanqian/form")).headers["content-security-policy"]
        assert "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='" in form


# Texts, cursors, days


@pytest.mark.parametrize(
    "path", ["/days/%00", "/districts/a%00b/page", "/districts/zhanqian/links/%ED%A0%80", "/%FF", "/a%C2%85", "/%E2%80%AE"]
)
async def test_a_path_that_is_no_text_leads_nowhere(service: Guarded, path: str) -> None:
    async with service.client() as client:
        assert code(await client.get(path, headers=service.token())) == (404, "not_found")


@pytest.mark.parametrize("query", ["after=%00", "x=%ED%A0%80", "x=%FF", "x=%E2%80%A8", "%00=1", "x=%1B"])
async def test_a_query_that_is_no_text_is_malformed(service: Guarded, query: str) -> None:
    async with service.client() as client:
        assert code(await client.get(f"/texts?{query}", headers=service.token())) == (422, "malformed")


async def test_chinese_in_a_query_is_text(service: Guarded) -> None:
    async with service.client() as client:
        assert (await client.get("/texts", params={"x": "书法 & 𠮷"}, headers=service.token())).status_code == 200


async def test_a_cursor_of_another_list_is_malformed_and_a_defect_stays_a_defect(service: Guarded) -> None:
    async with service.client() as client:
        for after in ("WyJ4IiwieSIsInoiXQ", "WyJ4IiwieSJd", "x", "!!!", "bnVsbA", "W10", "5Lmm"):
            assert code(await client.get("/texts", params={"after": after}, headers=service.token())) == (422, "malformed")
        assert code(await client.get("/defect", headers=service.token())) == (500, "internal_error")
        assert (await client.get("/texts", headers=service.token())).json()["next"]


@pytest.mark.parametrize(
    "sign", ["\\u0000", "\\u0085", "\\u2028", "\\u2029", "\\u202e", "\\u2066", "\\ud800", "\\udfff", "\\uffff", "\\r", "\\t"]
)
async def test_texts_that_cannot_be_kept_are_malformed_wherever_they_stand(service: Guarded, sign: str) -> None:
    bodies = {
        "body.token": f'{{"token": "改{sign}"}}',
        "body.text": f'{{"text": "一\\n二{sign}"}}',
        "body.more.a.1": f'{{"more": {{"a": ["", "{sign}"]}}}}',
        "body.more.key": f'{{"more": {{"{sign}": []}}}}',
    }
    async with service.client() as client:
        for field, body in bodies.items():
            answer = await client.post(RATINGS, content=body, headers={"Content-Type": "application/json"})
            assert code(answer) == (422, "malformed")
            assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, "text_not_plain")]


async def test_only_a_text_of_lines_has_line_feeds(service: Guarded) -> None:
    async with service.client() as client:
        assert (await client.post(RATINGS, json={"text": "一\n二"})).status_code == 200
        answer = await client.post(RATINGS, json={"token": "一\n二"})
        assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [("body.token", "text_not_plain")]


@pytest.mark.parametrize("number", ["2147483648", "9223372036854775808", "1" * 4000, "NaN", "Infinity", "1e300"])
async def test_numbers_that_fit_no_column_are_malformed(service: Guarded, number: str) -> None:
    async with service.client() as client:
        answer = await client.post(RATINGS, content=f'{{"number": {number}}}', headers={"Content-Type": "application/json"})
        assert code(answer) == (422, "malformed")
        assert [each["field"] for each in answer.json()["errors"]] == ["body.number"]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
async def test_days_outside_the_range_are_malformed(service: Guarded, day: str) -> None:
    async with service.client() as client:
        for answer, field in (
            (await client.get(f"/days/{day}", headers=service.token()), "path.day"),
            (await client.post(RATINGS, json={"day": day}), "body.day"),
            (await client.post(RATINGS, json={"moments": ["2026-01-01T00:00:00Z", f"{day}T00:00:00Z"]}), "body.moments.1"),
        ):
            assert code(answer) == (422, "malformed")
            assert [(each["field"], each["code"]) for each in answer.json()["errors"]] == [(field, "date_out_of_range")]
        headers = service.token() | {"Guangcai-Time": f"{day}T00:00:00+00:00"}
        assert code(await client.post("/things", json={}, headers=headers)) == (422, "malformed")


@pytest.mark.parametrize("day", ["1900-01-01", "2200-12-31"])
async def test_the_first_and_the_last_day_are_days(service: Guarded, day: str) -> None:
    async with service.client() as client:
        assert (await client.get(f"/days/{day}", headers=service.token())).status_code == 200


async def test_a_member_is_somebody_with_an_id(service: Guarded) -> None:
    async with service.client() as client:
        for subject in ("abc", "", "0192AAAA-0000-7000-8000-0000000000ff", "{0192aaaa-0000-7000-8000-0000000000ff}"):
            token = service.token(Role.MEMBER, Role.STREET_ADMIN, subject=subject)
            assert code(await client.post("/things", json={}, headers=token)) == (401, "unauthenticated")


# Headers of a call


async def test_headers_are_read_and_documented_as_they_are_declared(service: Guarded) -> None:
    async with service.client() as client:
        for name, value in (("Idempotency-Key", "7"), ("Guangcai-Time", "yesterday")):
            answer = await client.post("/things", json={}, headers=service.token() | {name: value})
            assert code(answer) == (422, "malformed")
            assert [each["field"] for each in answer.json()["errors"]] == [f"header.{name.lower()}"]
        described = (await client.get("/openapi.json")).json()["paths"]["/things"]["post"]["parameters"]
        assert {each["name"] for each in described if each["in"] == "header"} == set(HEADER_NAMES)
