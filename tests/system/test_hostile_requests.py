"""The four services under requests that none of our clients would send: nothing answers 500, nothing blocks."""

import asyncio
import json
import re
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from ops.stack import Stack
from shared.identity import Principal, Role

DISTRICT = "demo"
MAY_NOT_MIX = {Role.SERVICE, Role.SUBSCRIBER}
CURSORS = ("WyJ4IiwieSIsInoiXQ", "WyJ4IiwieSJd", "WyJ4Il0", "WyIwMDAxLTAxLTAxIiwieCJd", "WyJcdTAwMDAiXQ", "!", "%F0%9F%98%80")
DAYS = ("0001-01-01", "0206-01-01", "9999-12-31")


def operations(url: str, method: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Paths with their parameters, ids filled in."""
    for template, described in httpx2.get(f"{url}/openapi.json", timeout=30).json()["paths"].items():
        if method in described and not template.startswith("/feed"):
            yield template, described[method].get("parameters", [])


def filled(template: str, parameters: list[dict[str, Any]], **given: str) -> str:
    kinds = {each["name"]: each["schema"] for each in parameters if each["in"] == "path"}

    def value(match: re.Match[str]) -> str:
        kind = kinds.get(match[1], {})
        if match[1] == "district":
            return DISTRICT
        fallback = {"uuid": str(uuid4()), "date": "2026-01-01"}.get(kind.get("format", ""), kind.get("enum", ["1"])[0])
        return str(given.get(kind.get("format", ""), fallback))

    return re.sub(r"{(\w+)}", value, template)


@pytest.fixture(scope="module")
def everybody(stack: Stack) -> dict[str, str]:
    """Headers of a caller with nearly all roles."""
    principal = Principal(str(uuid4()), DISTRICT, frozenset(Role) - MAY_NOT_MIX, frozenset({uuid4()}))
    return {"Authorization": f"Bearer {stack.keys.token(principal)}"}


def ask(client: httpx2.Client, url: str, headers: dict[str, str]) -> httpx2.Response:
    answer = client.get(url, headers=headers)
    assert answer.status_code < 500, f"{url}: {answer.status_code} {answer.text}"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", url
    return answer


def test_a_wrong_cursor_is_malformed_on_every_list(stack: Stack, everybody: dict[str, str]) -> None:
    malformed: set[str] = set()
    lists: set[str] = set()
    with httpx2.Client(timeout=30) as client:
        for url in stack.urls.values():
            for template, parameters in operations(url, "get"):
                if not any(each["name"] == "after" for each in parameters):
                    continue
                lists.add(url + template)
                for cursor in CURSORS:
                    if ask(client, f"{url}{filled(template, parameters)}?after={cursor}", everybody).status_code == 422:
                        malformed.add(url + template)
    assert len(lists) > 30
    assert len(malformed) > len(lists) / 2, f"never read their cursor: {sorted(lists - malformed)}"


def test_days_outside_the_range_are_malformed_wherever_a_day_is_asked_for(stack: Stack, everybody: dict[str, str]) -> None:
    asked = 0
    with httpx2.Client(timeout=30) as client:
        for url in stack.urls.values():
            for template, parameters in operations(url, "get"):
                for each in parameters:
                    schemas = [each["schema"], *each["schema"].get("anyOf", [])]
                    kind = next((one["format"] for one in schemas if one.get("format") in {"date", "date-time"}), None)
                    if kind is None or each["in"] == "header":
                        continue
                    for day in DAYS:
                        value = day if kind == "date" else f"{day}T00:00:00Z"
                        path = filled(template, parameters, date=value) if each["in"] == "path" else filled(template, parameters)
                        query = "" if each["in"] == "path" else f"?{each['name']}={value}"
                        answer = ask(client, f"{url}{path}{query}", everybody)
                        assert answer.status_code in {403, 422}, f"{path}{query}: {answer.status_code}"
                        asked += 1
    assert asked > 5 * len(DAYS)


def test_what_is_no_text_leads_nowhere_on_every_route(stack: Stack, everybody: dict[str, str]) -> None:
    with httpx2.Client(timeout=30) as client:
        for url in stack.urls.values():
            for template, parameters in operations(url, "get"):
                for bad in ("%00", "%ED%A0%80", "%E2%80%AE"):
                    path = filled(template, parameters)
                    assert ask(client, f"{url}{path}{bad}", everybody).status_code == 404
                    assert ask(client, f"{url}{path}?q={bad}&after={bad}", everybody).status_code == 422


def test_a_member_without_an_id_is_nobody(stack: Stack) -> None:
    token = stack.keys.token(Principal("abc", DISTRICT, frozenset({Role.MEMBER})))
    with httpx2.Client(timeout=30) as client:
        for url in stack.urls.values():
            for template, parameters in operations(url, "get"):
                if not template.startswith("/districts/"):
                    answer = ask(client, url + filled(template, parameters), {"Authorization": f"Bearer {token}"})
                    assert answer.status_code == 401, template


async def test_a_crowd_with_a_million_keys_each_keeps_nobody_waiting(stack: Stack) -> None:
    url = stack.urls["evaluation"]
    body = json.dumps({f"k{number}": 1 for number in range(1_000_000)}).encode()
    deep = b"[" * 200_000
    slowest = 0.0
    async with httpx2.AsyncClient(timeout=30) as client:

        async def attack(content: bytes) -> int:
            headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
            try:
                return (await client.post(f"{url}/districts/{DISTRICT}/ratings", content=content, headers=headers)).status_code
            except httpx2.TransportError:  # cut off while it was still sending
                return 413

        crowd = [asyncio.create_task(attack(each)) for each in [body, deep] * 10]
        while not all(each.done() for each in crowd):
            began = time.perf_counter()
            assert (await client.get(f"{url}/livez")).status_code == 200
            slowest = max(slowest, time.perf_counter() - began)
            await asyncio.sleep(0.01)
    assert {each.result() for each in crowd} <= {413, 422}
    assert slowest < 1
