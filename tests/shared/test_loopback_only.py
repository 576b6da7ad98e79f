"""Tests of the guard that keeps tests on this machine."""

import socket

import pytest

from shared.testing.loopback_only import OutsideWorld, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost", "0.0.0.0", None])
def test_this_machine_is_reachable(host: str | None) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.org", b"example.org"])
def test_other_machines_are_not(host: str | bytes) -> None:
    assert not is_loopback(host)


def test_a_connection_to_another_machine_is_stopped() -> None:
    with socket.socket() as outside, pytest.raises(OutsideWorld):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(OutsideWorld):
        socket.getaddrinfo("example.org", 80)
