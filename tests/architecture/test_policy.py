"""Deny by default: every route of every service names one action of the service's policy, and every action has a route."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from ops.spec import definitions
from shared.http.endpoints import Policy
from shared.identity import Role
from shared.runtime.definition import ServiceDefinition

SERVICES = tuple(definitions())
SERVICE = pytest.mark.parametrize("definition", SERVICES, ids=lambda definition: definition.name)
# Administrators of machines neither see nor change business data.
WITHOUT_BUSINESS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


def policy_of(definition: ServiceDefinition) -> Policy:
    return importlib.import_module(f"services.{definition.name}.policy").POLICY


def routes(definition: ServiceDefinition) -> list[APIRoute]:
    return [route for route in flatten(definition.routes) if isinstance(route, APIRoute)]


def flatten(found: list[Any]) -> Iterator[Any]:
    """The routes of nested routers, too."""
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is None:
            yield route
        else:
            yield from flatten(inner.routes)


def actions(dependant: Dependant) -> Iterator[str]:
    action = getattr(dependant.call, "action", None)
    if action is not None:
        yield action
    for each in dependant.dependencies:
        yield from actions(each)


@SERVICE
def test_every_route_names_one_action(definition: ServiceDefinition) -> None:
    found = routes(definition)
    assert found, f"services/{definition.name} has no routes"
    unguarded = [f"{route.path} {route.methods}" for route in found if len(set(actions(route.dependant))) != 1]
    assert not unguarded, f'add `call: Annotated[Call, Depends(allow("…"))]`, with the action in policy.py: {unguarded}'


@SERVICE
def test_every_action_has_a_route(definition: ServiceDefinition) -> None:
    used = {action for route in routes(definition) for action in actions(route.dependant)}
    idle = set(policy_of(definition)) - used
    assert not idle, f"services/{definition.name}/policy.py allows what nothing does: {sorted(idle)}"


@SERVICE
def test_machine_keepers_see_no_business_data(definition: ServiceDefinition) -> None:
    allowed = {action for action, roles in policy_of(definition).items() if roles & WITHOUT_BUSINESS}
    assert not allowed, f"SYSTEM_ADMIN and SECURITY_ADMIN look after machines only: {sorted(allowed)}"


@SERVICE
def test_no_endpoint_edits_or_deletes(definition: ServiceDefinition) -> None:
    writes = [route.path for route in routes(definition) if (route.methods or set()) & {"PUT", "PATCH", "DELETE"}]
    assert not writes, f"facts are corrected by new facts, so commands are POST: {writes}"
