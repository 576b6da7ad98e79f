"""The OpenAPI document of a service, for clients: who may call, every status an operation answers with, one tag per feature, short names.

FastAPI knows paths, parameters and bodies; what it cannot know comes from shared/http/door.py and shared/http/problems.py.
"""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from importlib import import_module
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from shared.http.door import admissions
from shared.http.endpoints import CommandAnswer
from shared.http.problems import PROBLEM

BEARER: Final = "bearer"
OPERATIONS: Final = "operations"
FEATURE_AT: Final = 2  # services.<service>.<feature>.<module>
REFUSED: Final = {
    HTTPStatus.UNAUTHORIZED: "No token, or one that is not valid any more.",
    HTTPStatus.FORBIDDEN: "The caller's role or organisation may not do this.",
}
UNKNOWN: Final = {HTTPStatus.NOT_FOUND: "There is no such thing, or not for this caller."}
DECIDED: Final = {
    HTTPStatus.CONFLICT: "A rule forbids it: `code` names the rule, `facts` say why.",
    HTTPStatus.PRECONDITION_FAILED: "If-Match named another version than the present one.",
}
WITH_BODY: Final = {HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than the route takes."}
ALWAYS: Final = {
    HTTPStatus.UNPROCESSABLE_ENTITY: "Path, query, headers or body cannot be read: `errors` name the fields.",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests; Retry-After says when the next one is accepted.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Something it needs is away for the moment; try again with the same Idempotency-Key.",
}
SCHEMES: Final = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A signed token: who, in which district, in which roles, for which organisations.",
    }
}
PROBLEM_SCHEMA: Final[dict[str, Any]] = {
    "title": "Problem",
    "description": "Every error (RFC 9457), in Chinese and English.",
    "type": "object",
    "required": ["type", "title", "title_en", "status", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:guangcai:problem:stale_version"]},
        "title": {"type": "string", "description": "for people, in Chinese"},
        "title_en": {"type": "string", "description": "the same in English"},
        "status": {"type": "integer", "examples": [409]},
        "code": {"type": "string", "description": "stable; what programs look at", "examples": ["stale_version"]},
        "facts": {"type": "object", "additionalProperties": True, "description": "figures and names that the rule speaks of"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "code": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}


def describe_for_clients(app: FastAPI, service: str) -> None:
    """Let the application give this document instead of FastAPI's own. It is made when somebody first asks."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, service)
        return app.openapi_schema

    app.openapi = openapi


def _document(app: FastAPI, service: str) -> dict[str, Any]:
    found = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        servers=[{"url": "/", "description": "where this document was read"}],
        separate_input_output_schemas=False,
    )
    operations = dict(_operations(app.routes, found["paths"]))
    for route, operation in operations.values():
        _complete(route, operation, service)
    tags = {operation["tags"][0] for _, operation in operations.values()}
    found["tags"] = [{"name": tag, "description": _described(service, tag)} for tag in sorted(tags)]
    components = found["components"]
    components["securitySchemes"] = SCHEMES
    components["schemas"] = {
        name: schema for name, schema in components["schemas"].items() if name not in {"HTTPValidationError", "ValidationError"}
    } | {"Problem": PROBLEM_SCHEMA}
    return found


def _operations(routes: Sequence[BaseRoute], paths: dict[str, Any]) -> Iterator[tuple[str, tuple[APIRoute, dict[str, Any]]]]:
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                operation = paths.get(route.path_format, {}).get(method.lower())
                if operation is not None:
                    yield f"{method} {route.path_format}", (route, operation)


def _complete(route: APIRoute, operation: dict[str, Any], service: str) -> None:
    is_command, admits = "POST" in (route.methods or ()), next(admissions(route.dependant), None)
    operation["operationId"] = _camel(route.name)
    operation["tags"] = [_tag(route, service)]
    operation["security"] = [{BEARER: []}] if isinstance(admits, frozenset) else []
    answered = {
        **(REFUSED if isinstance(admits, frozenset) else {}),
        **UNKNOWN,
        **(DECIDED if is_command else {}),
        **(WITH_BODY if route.body_field is not None else {}),
        **ALWAYS,
    }
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    kept = {status: answer for status, answer in operation["responses"].items() if status != "422"}
    operation["responses"] = kept | {str(int(status)): {"description": text, "content": content} for status, text in answered.items()}
    if is_command and route.response_model is CommandAnswer:
        for parameter in operation.get("parameters", ()):
            if parameter["name"].lower() == "idempotency-key":
                parameter |= {"required": True, "schema": {"type": "string", "format": "uuid"}}


def _tag(route: APIRoute, service: str) -> str:
    parts = route.endpoint.__module__.split(".")
    if parts[0] != "services":
        return OPERATIONS
    return parts[FEATURE_AT].replace("_", " ") if len(parts) > FEATURE_AT + 1 else service


def _described(service: str, tag: str) -> str:
    """The first line of the feature's passport."""
    if tag == OPERATIONS:
        return "What every service offers to operators, auditors and other systems."
    name = f"services.{service}" if tag == service else f"services.{service}.{tag.replace(' ', '_')}"
    return (import_module(name).__doc__ or "").strip().partition("\n")[0]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(each.title() for each in others)
