"""Every list is also a workbook, stories apart: `GET …` and `GET ….xlsx` are one function, so rights, masks and hidden counts are the
same in both.

Invariant: ids give way to what people know (names of organisations, member numbers); who took the names of members away is on record.
"""

import inspect
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from types import NoneType
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel

from services.registration.display_names import member_numbers, organisation_names
from services.registration.vault.access import record_access
from services.registration.willingness import in_words
from shared.calendar.local_time import CHINA
from shared.contracts.service_preference import ServicePreference
from shared.decider import DomainError
from shared.http.endpoints import Call
from shared.http.paging import Page
from shared.papers.workbooks import WORKBOOK, Sheet, workbook_answer
from shared.texts import load, text

F = TypeVar("F", bound=Callable[..., Awaitable[Any]])

PAGE: Final = 500
MOST_ROWS: Final = 20_000
NARROW, WIDE = 12, 24
OF_ORGANISATIONS: Final = frozenset({"unit_id", "community_id", "parent_id", "residence_community_id", "transfer_to", "partner_id"})
HIDDEN: Final = "count"  # a count of None was too small to be published


class ExportTooLarge(DomainError):
    """The list is too long for one workbook; narrow it, for instance to one unit or community."""


@dataclass(frozen=True, slots=True)
class _Table:
    """One sheet: which rows of the answer, of which model. `field` None: the answer itself is the list."""

    name: str
    model: type[BaseModel]
    field: str | None = None


def exported(router: APIRouter, path: str, title: str, *, without: Sequence[str] = ()) -> Callable[[F], F]:
    """Register a list under `path` and as a workbook under `{path}.xlsx`. `title` names its texts (`sheet_<title>`) and its purpose in the
    record of who looked; `without` leaves columns out that say the same twice.
    """

    def register(endpoint: F) -> F:
        router.get(path)(endpoint)
        twin = _twin(endpoint, title, frozenset(without))
        router.get(f"{path}.xlsx", response_class=Response, responses=WORKBOOK, name=f"{title}_workbook")(twin)
        return endpoint

    return register


def _twin(endpoint: Callable[..., Awaitable[Any]], title: str, without: frozenset[str]) -> Callable[..., Awaitable[Response]]:
    signature = inspect.signature(endpoint)
    tables = tables_of(signature.return_annotation, title)
    is_paged = "after" in signature.parameters

    async def workbook(**given: Any) -> Response:
        call: Call = given["call"]
        answer = await _whole(endpoint, given) if is_paged else await endpoint(**given)
        known = await _known(call, answer)
        note = text("registration", "labels", "export_note", actor=call.principal.subject, at=_said(call.now)).zh
        sheets = [_sheet(table, _rows(answer, table), known, without, note + _totals(answer, table)) for table in tables]
        await record_access(call, _named(answer), f"export of {title}")
        return await workbook_answer(title, sheets)

    kept = [each for name, each in signature.parameters.items() if name not in {"after", "limit"}]
    workbook.__signature__ = signature.replace(parameters=kept, return_annotation=Response)  # FastAPI reads it
    workbook.__doc__ = f"{(endpoint.__doc__ or '').strip()} The whole list as a workbook."
    return workbook


def tables_of(answer: Any, title: str) -> list[_Table]:
    """The sheets of an endpoint's answer, by its annotation: a page, a list, or a report with several lists."""
    if get_origin(answer) is list:
        return [_Table(title, get_args(answer)[0])]
    if issubclass(answer, Page):
        return [_Table(title, answer.__pydantic_generic_metadata__["args"][0])]
    lists = {name: info.annotation for name, info in answer.model_fields.items() if get_origin(info.annotation) is list}
    return [_Table(f"{title}_{name}", get_args(annotation)[0], name) for name, annotation in lists.items()]


def columns_of(model: type[BaseModel], without: frozenset[str] = frozenset()) -> list[str]:
    """Fields of a list that people can read, in their order: no ids but those that have a name or number."""
    fields = [name for name, info in model.model_fields.items() if name not in without and get_origin(info.annotation) is not dict]
    has_number = "member_no" in fields
    return [name for name in fields if not _is_id(model, name) or name in OF_ORGANISATIONS or (name == "member_id" and not has_number)]


async def _whole(endpoint: Callable[..., Awaitable[Any]], given: dict[str, Any]) -> list[BaseModel]:
    items: list[BaseModel] = []
    after: str | None = None
    while True:
        page: Page[BaseModel] = await endpoint(**given, after=after, limit=PAGE)
        items += page.items
        after = page.next
        if after is None:
            return items
        if len(items) >= MOST_ROWS:
            raise ExportTooLarge


@dataclass(frozen=True, slots=True)
class _Known:
    """What people call organisations and members."""

    organisations: dict[UUID, str]
    members: dict[UUID, str]


async def _known(call: Call, answer: Any) -> _Known:
    ids = list({row.member_id for row in _every(answer) if hasattr(row, "member_id") and not hasattr(row, "member_no")})
    async with call.read() as tx:
        organisations = await organisation_names(tx, call.district)
        return _Known(organisations, await member_numbers(tx, call.district, ids) if ids else {})


def _every(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else []  # pyright: ignore[reportUnknownVariableType]  # of whatever model


def _named(answer: Any) -> list[UUID]:
    return [row.member_id for row in _every(answer) if hasattr(row, "member_id") and hasattr(row, "name")]


def _rows(answer: Any, table: _Table) -> Sequence[BaseModel]:
    return answer if table.field is None else getattr(answer, table.field)


def _totals(answer: Any, table: _Table) -> str:
    """What a report states beside its lists."""
    if table.field is None:
        return ""
    counts = {name: value for name, value in answer if isinstance(value, int)}
    return "".join(f" {text('registration', 'labels', f'column_{name}').zh}: {count}" for name, count in counts.items())


def _sheet(table: _Table, rows: Sequence[BaseModel], known: _Known, without: frozenset[str], note: str) -> Sheet:
    columns = columns_of(table.model, without)
    if table.field is not None:  # the lists of a report share one model and fill a part of it each
        columns = [name for name in columns if name == HIDDEN or any(getattr(row, name) is not None for row in rows)]
    headings = [(text("registration", "labels", f"column_{name}").zh, WIDE if _is_long(table.model, name) else NARROW) for name in columns]
    lines = [[_cell(name, getattr(row, name), known) for name in columns] for row in rows]
    return Sheet(text("registration", "labels", f"sheet_{table.name}").zh, headings, lines, note)


def _cell(name: str, value: Any, known: _Known) -> str | int:
    match value:
        case None:
            return text("registration", "labels", "not_published").zh if name == HIDDEN else ""
        case bool():
            return text("registration", "labels", f"value_{'yes' if value else 'no'}").zh
        case UUID():
            return (known.members if name == "member_id" else known.organisations).get(value, "")
        case list() | tuple():
            return "、".join(str(_cell(name, each, known)) for each in value)  # pyright: ignore[reportUnknownVariableType]  # of codes and texts
        case int():
            return value
        case datetime() | date():
            return _said(value)
        case ServicePreference():
            return in_words(value)
        case Enum():
            return text("registration", "labels", f"value_{value.value.lower()}").zh
        case _:
            return _worded(str(value))


def _worded(value: str) -> str:
    """Codes that a model holds as text (PENDING, WITHDRAWN) in words; everything else as it is."""
    entry = load("registration")["labels"].get(f"value_{value.lower()}") if value.isupper() else None
    return value if entry is None else entry["zh"]


def _said(moment: datetime | date) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if isinstance(moment, datetime) else moment.isoformat()


def _is_id(model: type[BaseModel], name: str) -> bool:
    return UUID in _types(model.model_fields[name].annotation)


def _is_long(model: type[BaseModel], name: str) -> bool:
    return bool({str, UUID, ServicePreference} & _types(model.model_fields[name].annotation))


def _types(annotation: Any) -> set[Any]:
    """The types an optional, annotated or repeated field may have."""
    if get_origin(annotation) is Annotated:
        return _types(get_args(annotation)[0])
    inside = get_args(annotation)
    return {annotation} - {NoneType} if not inside else set[Any]().union(*(_types(each) for each in inside))
