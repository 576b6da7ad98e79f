"""Servers that are running before the tests begin (mutation/session.py starts them once for all forks); without them a run has its own."""

from typing import Any, Final

import pytest

SERVERS: Final = pytest.StashKey[Any]()
