"""Identifiers, derived and never drawn: the same command gives the same ids, so a retry cannot make a second thing.

UUIDv7 (RFC 9562, 5.7): 48 bits of business time in milliseconds, then bits of SHA-256 over the command id and a label.
"""

import hashlib
from datetime import datetime
from uuid import UUID


def derive(command_id: UUID, label: str, at: datetime) -> UUID:
    """UUIDv7 for the thing called `label` that command `command_id` makes at business time `at` (aware).

    Deterministic: equal arguments give equal ids. Raises ValueError for a naive `at`.
    """
    if at.tzinfo is None:
        message = "business time must be timezone-aware"
        raise ValueError(message)
    milliseconds = int(at.timestamp() * 1000)
    digest = int.from_bytes(hashlib.sha256(command_id.bytes + label.encode()).digest()[:10], "big")
    value = (milliseconds & (1 << 48) - 1) << 80 | digest
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)
