"""What a caller may say in headers, read in one go: key, expected version, positions to include, business time, district."""

import re
from datetime import datetime
from typing import Final
from uuid import UUID

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError
from starlette.types import Scope

from shared.http.answers import Malformed


class CallHeaders(BaseModel):
    """What a caller may say in headers; one model, because a parameter per header keeps five validators per route."""

    idempotency_key: UUID | None = Field(
        None,
        title="Idempotency-Key",
        description="a new UUID per intention (version 7 is best: in the order of time), the same one for a retry",
    )
    if_match: str | None = Field(None, title="If-Match", description='expected version of the stream, e.g. "3"')
    guangcai_read_after: str | None = Field(
        None, title="Guangcai-Read-After", description="positions the answer must include, e.g. activities=40"
    )
    guangcai_time: datetime | None = Field(None, title="Guangcai-Time", description="business time; with a simulated clock only")
    guangcai_district: str | None = Field(None, title="Guangcai-District", description="for callers of all districts")


HEADERS: Final = {name.replace("_", "-").encode(): name for name in CallHeaders.model_fields}
NO_HEADERS: Final = CallHeaders()  # pyright: ignore[reportCallIssue] - every field has a default


def headers_of(scope: Scope) -> CallHeaders:
    """The same as FastAPI reads into CallHeaders. FastAPI would inspect the types of the fields anew, a quarter of a request's time."""
    said = {HEADERS[name]: value.decode("latin-1") for name, value in scope["headers"] if name in HEADERS}
    if not said:
        return NO_HEADERS
    try:
        return CallHeaders.model_validate(said)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_input=False)
        raise RequestValidationError(
            [{**each, "loc": ("header", *(str(part).replace("_", "-") for part in each["loc"]))} for each in errors]
        ) from None


def version_of(if_match: str | None) -> int | None:
    """The version that an If-Match header expects; None for any. Raises Malformed."""
    if if_match is None or if_match == "*":
        return None
    match = re.fullmatch(r'"?(\d{1,9})"?', if_match)
    if match is None:
        raise Malformed(**{"If-Match": 'a version such as "3"'})
    return int(match[1])


def positions_of(read_after: str | None) -> dict[str, int]:
    """Positions by service of a Guangcai-Read-After header. Raises Malformed."""
    if not read_after:
        return {}
    found = re.fullmatch(r"\s*[a-z]+=\d{1,15}\s*(,\s*[a-z]+=\d{1,15}\s*)*", read_after)
    if found is None:
        raise Malformed(**{"Guangcai-Read-After": "service=sequence, …"})
    return {name.strip(): int(position) for name, _, position in (each.partition("=") for each in read_after.split(","))}
