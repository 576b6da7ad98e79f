"""The local stack: four services that come up together, one that dies alone, and an error that shows the right log."""

import os

import httpx
import pytest

from ops.servers import ServerFailed
from ops.servers.processes import free_port
from ops.stack import ROOT, ServiceProcess
from shared.identity import Principal, Role

pytestmark = pytest.mark.timeout(180)  # five processes start here, on however few cores


def get(url: str, **headers: str) -> httpx.Response:
    return httpx.get(url, headers=headers, timeout=30)


def test_services_are_ready_documented_and_know_their_tokens(stack):
    token = stack.keys.token(Principal("somebody", "demo", frozenset({Role.SYSTEM_ADMIN})))
    for url in stack.urls.values():
        ready = get(f"{url}/readyz").json()
        assert (ready["ready"], ready["bus"]) == (True, "ok")
        assert get(f"{url}/openapi.json").status_code == 200
        assert get(f"{url}/asyncapi.json").json()["asyncapi"].startswith("3.")
        assert get(f"{url}/operations/parked").status_code == 401
        assert get(f"{url}/operations/parked", Authorization=f"Bearer {token}").status_code == 200


def test_a_killed_service_comes_back_on_its_address(stack):
    service = stack.services["notifications"]
    service.kill()
    assert not service.is_running
    with pytest.raises(httpx.ConnectError):
        get(f"{service.url}/livez")
    service.start()
    assert get(f"{service.url}/livez").status_code == 200


def test_a_service_that_cannot_start_shows_its_log(tmp_path):
    service = ServiceProcess("notifications", free_port(), tmp_path / "log", {"PATH": os.defpath, "PYTHONPATH": str(ROOT)})
    with pytest.raises(ServerFailed, match=r"(?s)notifications ended while starting.*database_url"):
        service.start()
