"""docs/api matches the services: OpenAPI of their endpoints, AsyncAPI of their events."""

import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ops import spec
from shared.contracts.catalogue import published_events


@dataclass(frozen=True)
class Service:
    """A service and its generated documents."""

    name: str
    documents: Mapping[Path, Mapping[str, Any]]

    def document(self, kind: str) -> Mapping[str, Any]:
        return next(content for path, content in self.documents.items() if kind in path.name)


@pytest.fixture(scope="module", params=tuple(spec.definitions()), ids=lambda definition: definition.name)
def service(request: pytest.FixtureRequest) -> Service:
    return Service(request.param.name, spec.documents(request.param))


def test_documents_are_up_to_date(service: Service) -> None:
    outdated = [path.name for path, content in service.documents.items() if spec.is_outdated(path, content)]
    assert not outdated, f"run ./guangcai spec and commit docs/api: {outdated}"


def texts(content: Any) -> Iterator[str]:
    """Every text in a document, however deep."""
    match content:
        case str():
            yield content
        case dict() | list():
            for each in content.values() if isinstance(content, dict) else content:
                yield from texts(each)


def test_no_text_depends_on_the_interpreter(service: Service) -> None:
    """Python 3.11 and 3.12 keep the indentation of docstrings, later versions remove it: a raw docstring gives two documents."""
    raw = [text for document in service.documents.values() for text in texts(document) if text != inspect.cleandoc(text)]
    assert not raw, f"take the text by shared.docstrings.docstring instead of __doc__: {raw}"


def test_every_endpoint_is_described(service: Service) -> None:
    openapi = service.document("openapi")
    assert openapi["openapi"].startswith("3.1")
    silent = [
        f"{method.upper()} {path}"
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description")
    ]
    assert not silent, f"the docstring of an endpoint is its description: {silent}"


def test_every_published_event_has_a_channel(service: Service) -> None:
    asyncapi = service.document("asyncapi")
    assert asyncapi["asyncapi"].startswith("3.")
    own = {event.TYPE.rpartition(".")[2] for event in published_events(service.name)}
    assert own <= set(asyncapi["channels"])
