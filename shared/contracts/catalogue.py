"""Every event of the published language, found by walking the contract modules: nothing is listed by hand."""

import importlib
import pkgutil

import shared.contracts
from shared.contracts.event import Event, all_events

PREFIX = "shared.contracts."


def published_events(service: str | None = None) -> tuple[type[Event], ...]:
    """The event classes that `service` publishes, all of them without one; ordered by type name. Imports every contract module."""
    for module in pkgutil.walk_packages(shared.contracts.__path__, PREFIX):
        importlib.import_module(module.name)
    return tuple(each for each in all_events() if each.__module__.startswith(PREFIX) and service in (None, each.service()))
