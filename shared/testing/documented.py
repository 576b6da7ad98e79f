"""Answers of a service under test fit its published OpenAPI document: the operation names the status, and errors are problem+json."""

import json
import re
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, NamedTuple

import httpx2

from shared.http.problems import PROBLEM

API: Final = Path(__file__).parents[2] / "docs" / "api"
PARAMETER: Final = re.compile(r"\\\{\w+\\\}")
UNDOCUMENTED: Final = frozenset({HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR})  # of no operation, and a defect


class Operation(NamedTuple):
    """What the document says of one method and path."""

    method: str
    path: re.Pattern[str]
    name: str
    statuses: frozenset[int]


@cache
def operations(service: str) -> tuple[Operation, ...]:
    """Those of the published document; paths without parameters first, as the service matches them."""
    paths: dict[str, Any] = json.loads((API / f"{service}.openapi.json").read_text(encoding="utf-8"))["paths"]
    return tuple(
        Operation(
            method.upper(),
            re.compile(PARAMETER.sub("[^/]+", re.escape(path))),
            described["operationId"],
            frozenset(int(status) for status in described["responses"]),
        )
        for path in sorted(paths, key=lambda path: (path.count("{"), path))
        for method, described in paths[path].items()
    )


def undocumented(service: str, answer: httpx2.Response) -> str | None:
    """What the document does not say about this answer; None when it says everything, or the request was for no operation."""
    request = answer.request
    found = next((each for each in operations(service) if each.method == request.method and each.path.fullmatch(request.url.path)), None)
    if found is None or answer.status_code in UNDOCUMENTED:
        return None
    if answer.status_code not in found.statuses:
        return f"{found.name} answered {answer.status_code}, and its document knows {sorted(found.statuses)}"
    if answer.status_code >= HTTPStatus.BAD_REQUEST and answer.headers["content-type"] != PROBLEM:
        return f"{found.name} answered {answer.status_code} as {answer.headers['content-type']}"
    return None
