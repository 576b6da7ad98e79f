"""A service without a database: one route of every kind, with the checks that all services have (shared/http/door.py)."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import httpx2
from fastapi import APIRouter, Depends, FastAPI, File, Request, UploadFile
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.values import HAS_LINES
from shared.http.door import Doors
from shared.http.endpoints import Call, Runtime, allow_anonymous, allow_by
from shared.http.limits import KIB, Limits
from shared.http.pages import policy_with_script
from shared.http.paging import Page, decode_cursor, page_of
from shared.http.problems import install_problems
from shared.identity import Principal, Role, TokenVerifier, generate_keys, mint

allow = allow_by({"write": frozenset({Role.STREET_ADMIN})})
Writer = Annotated[Call, Depends(allow("write"))]
Anybody = Annotated[Call, Depends(allow_anonymous(Role.RESIDENT))]
IN_DISTRICT = "/districts/{district}"
UPLOAD_BYTES = 512 * KIB
LONG_JSON_BYTES = 1024 * KIB


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    token: str = ""
    text: Annotated[str, HAS_LINES] = ""
    number: int = 0
    more: dict[str, list[Annotated[str, StringConstraints(strip_whitespace=True)]]] = Field(default_factory=dict)
    day: date | None = None
    moments: list[datetime] = Field(default_factory=list)
    ids: list[UUID] = Field(default_factory=list)


def routes() -> APIRouter:
    router = APIRouter()

    @router.post("/things")
    async def write(body: Body, call: Writer) -> dict[str, str]:
        return {"by": call.principal.subject, "token": body.token}

    @router.post("/lists", max_body_size=LONG_JSON_BYTES)
    async def write_much(body: list[str], call: Writer) -> int:
        return len(body)

    @router.post("/files", max_body_size=UPLOAD_BYTES)
    async def upload(file: Annotated[UploadFile, File()], call: Writer) -> int:
        return len(await file.read())

    @router.post(f"{IN_DISTRICT}/ratings")
    async def rate(body: Body, call: Anybody) -> str:
        return body.token

    @router.get(f"{IN_DISTRICT}/links/{{token}}")
    async def follow(token: str, call: Anybody) -> str:
        return token

    @router.get(f"{IN_DISTRICT}/page")
    async def page(call: Anybody) -> HTMLResponse:
        return HTMLResponse("<p>page</p>")

    @router.get(f"{IN_DISTRICT}/form")
    async def form(call: Anybody) -> HTMLResponse:
        html = "<p>form</p><script>1</script>"
        return HTMLResponse(html, headers=policy_with_script(html))

    @router.get("/days/{day}")
    async def read_day(day: date, call: Writer) -> date:
        return day + timedelta(days=1)

    @router.get("/texts")
    async def texts(call: Writer, after: str | None = None) -> Page[str]:
        since = decode_cursor(after, (datetime, UUID))
        return page_of([str(since), "b"], 1, lambda _each: (datetime(2026, 1, 1, tzinfo=UTC), UUID(int=1)))

    @router.get("/defect")
    async def defect(call: Writer) -> None:
        raise ValueError

    @router.get("/probe")
    async def probe(request: Request) -> str:
        return request.url.path

    return router


@dataclass
class Guarded:
    """The service, a clock for its rates, and its callers."""

    limits: Limits = field(default_factory=lambda: Limits().without_rates())
    now: float = 1000.0

    def __post_init__(self) -> None:
        self.private, public = generate_keys()
        app = FastAPI(routes=Doors(self.limits, lambda: self.now).before(list(routes().routes)))
        install_problems(app, "activities")
        app.state.runtime = Runtime(
            command_key=b"a key of the tests",
            service="activities",
            commands=None,
            database=None,
            consumer=None,
            verifier=TokenVerifier(public),
            clock=lambda: datetime.now(UTC),
            is_clock_simulated=True,
            resources=app.state,
        )
        self.app = app

    def client(self, address: str = "203.0.113.7") -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.app, client=(address, 1)), base_url="http://service")

    def token(self, *roles: Role, subject: str = "somebody") -> dict[str, str]:
        principal = Principal(subject, "zhanqian", frozenset(roles or {Role.STREET_ADMIN}))
        return {"Authorization": "Bearer " + mint(self.private, principal, issued_at=datetime.now(UTC), lifetime=timedelta(hours=1))}


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    content: dict[str, Any] = json.loads(answer.content)
    assert content["status"] == answer.status_code
    assert content["title"]
    assert content["title_en"]
    return answer.status_code, content["code"]
