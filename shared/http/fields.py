"""What FastAPI validates in a request beyond the types of its fields: the number of errors is limited, values can be kept.

pydantic builds all errors of a value before they can be counted: 25,000 unknown keys are 250 KB and take a quarter of a second.
"""

from collections.abc import Iterator
from types import MethodType
from typing import Any, Final

from fastapi._compat.v2 import ModelField
from fastapi.dependencies.models import Dependant
from pydantic import ValidationError

from shared.contracts.values import Fault, Location, fault_in, has_lines
from shared.http.limits import MOST_ERRORS

Errors = list[dict[str, Any]]

_plain: Final = ModelField.validate


def restrain(dependant: Dependant) -> None:
    """Replace the validation of the route's fields. Each field is changed once, even if several applications use the route."""
    for field in _fields(dependant):
        field.validate = MethodType(_validate, field)


def _fields(dependant: Dependant) -> Iterator[ModelField]:
    # Not headers: they are few, and shared/http/endpoints.py checks the one that holds a time.
    yield from (*dependant.path_params, *dependant.query_params, *dependant.body_params)
    for each in dependant.dependencies:
        yield from _fields(each)


def _validate(field: ModelField, value: Any, values: dict[str, Any] | None = None, *, loc: Location = ()) -> tuple[Any, Errors]:
    """Replaces `ModelField.validate` of FastAPI; same arguments, same result."""
    # As it was sent: stripping takes some of the signs away that are refused. Line feeds are looked at when the types are known.
    if fault := fault_in(value, lines=True):
        return None, [_fault(fault, loc)]
    try:
        checked = field._type_adapter.validate_python(value, from_attributes=True)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - FastAPI cannot count errors first
    except ValidationError as wrong:
        if wrong.error_count() > MOST_ERRORS:
            return None, [_error("too_many_errors", loc, f"more than {MOST_ERRORS} errors")]
        return _plain(field, value, values or {}, loc=loc)
    if fault := fault_in(checked, lines=has_lines(field.field_info)):
        return None, [_fault(fault, loc)]
    return checked, []


def _fault(fault: Fault, loc: Location) -> dict[str, Any]:
    return _error(fault.code, (*loc, *fault.where), fault.expected)


def _error(kind: str, loc: Location, message: str) -> dict[str, Any]:
    return {"type": kind, "loc": loc, "msg": message, "input": None}
