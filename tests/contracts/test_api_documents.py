"""docs/api says what the services really offer: OpenAPI of their endpoints, AsyncAPI of their events."""

import pytest

from ops import spec
from shared.service import ServiceDefinition

SERVICES = tuple(spec.definitions())
SERVICE = pytest.mark.parametrize("definition", SERVICES, ids=lambda definition: definition.name)


@SERVICE
def test_documents_are_up_to_date(definition: ServiceDefinition) -> None:
    outdated = [path.name for path, content in spec.documents(definition).items() if spec.is_outdated(path, content)]
    assert not outdated, f"run ./guangcai spec and commit docs/api: {outdated}"


@SERVICE
def test_every_endpoint_is_described(definition: ServiceDefinition) -> None:
    openapi = next(content for path, content in spec.documents(definition).items() if "openapi" in path.name)
    assert openapi["openapi"].startswith("3.1")
    silent = [
        f"{method.upper()} {path}"
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
        if not operation.get("description")
    ]
    assert not silent, f"the docstring of an endpoint is its description: {silent}"


@SERVICE
def test_every_published_event_has_a_channel(definition: ServiceDefinition) -> None:
    asyncapi = next(content for path, content in spec.documents(definition).items() if "asyncapi" in path.name)
    assert asyncapi["asyncapi"].startswith("3.")
    own = {event.TYPE.rpartition(".")[2] for event in spec.events() if event.service() == definition.name}
    assert own <= set(asyncapi["channels"])
