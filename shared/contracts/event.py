"""The shape of an event payload and the registry of all of them.

Invariant: one class per (type, version); a second one is refused at import.
"""

from functools import cache
from typing import Any, ClassVar

from pydantic import ConfigDict

from shared.contracts.values import Kept

_registry: dict[str, type["Event"]] = {}


class Value(Kept):
    """Part of an event. Frozen; unknown fields are ignored as in events."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Event(Kept):
    """A business fact, past tense. Frozen; unknown fields are ignored so that older readers survive newer writers.

    A subclass states `TYPE` ("guangcai.{service}.{EventName}") and `VERSION` (1, 2, …).
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    TYPE: ClassVar[str]
    VERSION: ClassVar[int]

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Enter the class into the registry; raises TypeError when TYPE or VERSION is missing, malformed or taken."""
        super().__pydantic_init_subclass__(**kwargs)
        if not hasattr(cls, "TYPE") or not hasattr(cls, "VERSION"):
            message = f"{cls.__name__} must state TYPE and VERSION"
            raise TypeError(message)
        if cls.TYPE.rpartition(".")[2] != cls.__name__.removesuffix(f"V{cls.VERSION}"):
            message = f"{cls.__name__}: TYPE {cls.TYPE!r} must end in the class name"
            raise TypeError(message)
        name = cls.type_name()
        if name in _registry:
            message = f"{name} is already defined by {_registry[name].__qualname__}"
            raise TypeError(message)
        _registry[name] = cls

    @classmethod
    @cache
    def type_name(cls) -> str:
        """CloudEvents `type` of this class, e.g. "guangcai.registration.MemberRegistered.v1"."""
        return f"{cls.TYPE}.v{cls.VERSION}"

    @classmethod
    @cache
    def service(cls) -> str:
        """Producing service, e.g. "registration"."""
        return cls.TYPE.split(".")[1]


def find(type_name: str) -> type[Event] | None:
    """Class registered for a CloudEvents `type`, or None when this reader does not know it (yet)."""
    return _registry.get(type_name)


def all_events() -> tuple[type[Event], ...]:
    """Every registered event class, ordered by type name. Only modules already imported count."""
    return tuple(_registry[name] for name in sorted(_registry))
