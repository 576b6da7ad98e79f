"""Every error as problem+json (RFC 9457) with a stable code, in Chinese and English.

Rejected 409, stale 412, malformed 422; too many requests 429 and unavailable 503 with Retry-After. The only place that maps
errors to answers.
"""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.decider import DomainError
from shared.eventlog.commands import CommandIdReused, StaleVersion, StreamBusy
from shared.eventlog.database import is_passing
from shared.http.answers import Malformed, NotFound, ReadModelBehind
from shared.http.gate import Gate
from shared.http.limits import MOST_ERRORS, TooManyRequests
from shared.identity import Forbidden, Unauthenticated
from shared.texts import refusal, text

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"
RETRY_AFTER = 2  # seconds
BY_STATUS = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}


Fields = list[dict[str, str]]


def problem(
    service: str, status: int, code: str, *, facts: Mapping[str, Any] | None = None, errors: Fields | None = None, english: str = ""
) -> Response:
    """The answer for one error; `facts` fill the text's placeholders and are shown, `errors` name the fields. A rule of the domain brings
    its own `english`.
    """
    try:
        title = refusal(service, code, english, facts or {}) if english else text(service, "errors", code, **(facts or {}))
        titles = {"title": title.zh, "title_en": title.en}
    except KeyError:
        titles = {"title": code, "title_en": code.replace("_", " ")}
    content: dict[str, Any] = {"type": f"urn:guangcai:problem:{code}", **titles, "status": status, "code": code}
    if facts:
        content["facts"] = dict(facts)
    if errors:
        content["errors"] = errors
    headers = {"Retry-After": str(RETRY_AFTER)} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(orjson.dumps(content, default=str), status, headers, media_type=PROBLEM)


def install_problems(app: FastAPI, service: str) -> None:
    """Map every exception of ours, of validation, and of a database that is not there."""

    def on(error: type[Exception], answer: Callable[[Any], Response]) -> None:
        async def handler(_request: Request, caught: Exception) -> Response:
            return answer(caught)

        app.add_exception_handler(error, handler)

    def always(status: int, code: str) -> Callable[[Any], Response]:
        return lambda _error: problem(service, status, code)

    def stale(error: StaleVersion) -> Response:
        return problem(service, 412, "stale_version", facts={"expected": error.expected, "actual": error.actual})

    def invalid(error: RequestValidationError) -> Response:
        # Never echo the input: it may be personal.
        errors = [
            {"field": ".".join(str(each) for each in one["loc"]), "code": one["type"], "message": one["msg"]} for one in error.errors()
        ]
        return problem(service, 422, "malformed", errors=errors[:MOST_ERRORS])

    on(DomainError, lambda error: problem(service, 409, error.code(), facts=error.facts, english=str(error)))
    on(StaleVersion, stale)
    on(Malformed, lambda error: malformed(service, error))
    on(RequestValidationError, invalid)
    on(HTTPException, lambda error: by_status(service, error))
    on(TooManyRequests, lambda error: too_often(service, error))
    on(NotFound, lambda _error: not_found(service))
    on(Unauthenticated, always(401, "unauthenticated"))
    on(Forbidden, always(403, "forbidden"))
    on(CommandIdReused, always(422, "command_id_reused"))
    on(StreamBusy, always(503, "stream_busy"))
    on(ReadModelBehind, always(503, "read_model_behind"))
    app.add_middleware(LastResort, service=service)
    app.add_middleware(Gate, refuse=lambda error: malformed(service, error) if isinstance(error, Malformed) else not_found(service))


def by_status(service: str, error: HTTPException) -> Response:
    """By its status. FastAPI answers 400 to bodies that it cannot read, such as broken UTF-8 or half a form; here that is 422."""
    status = 422 if error.status_code == HTTPStatus.BAD_REQUEST else error.status_code
    return problem(service, status, BY_STATUS.get(status, "malformed"))


def too_often(service: str, error: TooManyRequests) -> Response:
    """429 with the seconds until the next request is accepted."""
    answer = problem(service, 429, "too_many_requests", facts={"seconds": error.retry_after})
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def malformed(service: str, error: Malformed) -> Response:
    """422 with the fields."""
    return problem(service, 422, error.code, errors=[{"field": name, "message": expected} for name, expected in error.fields.items()])


def not_found(service: str) -> Response:
    """404."""
    return problem(service, 404, "not_found")


class LastResort:
    """Answers what no handler knows: 503 when the database is out of reach, 500 for a defect. Never a stack trace."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        """Inside the gate, outside everything else."""
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_started = False

        async def watched_send(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as error:
            if has_started:
                raise
            await self._answer(error)(scope, receive, send)

    def _answer(self, error: Exception) -> Response:
        if is_passing(error):
            logger.warning("dependency down", extra={"code": type(error).__name__})
            return problem(self._service, 503, "dependency_down")
        logger.error("defect", exc_info=error)
        return problem(self._service, 500, "internal_error")
