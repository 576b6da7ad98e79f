"""Identifiers, derived and never drawn: the same command gives the same ids, so a retry cannot make a second thing.

UUIDv7 (RFC 9562, 5.7): 48 bits of business time in milliseconds, then bits of SHA-256 over the command id and a label.
"""

import hashlib
from datetime import datetime
from uuid import UUID

VERSION_AND_VARIANT = 0x7 << 76 | 0x2 << 62
DERIVED_BITS = (1 << 80) - 1 & ~(0xF << 76) & ~(0x3 << 62)


def derive(command_id: UUID, label: str, at: datetime) -> UUID:
    """UUIDv7 for the thing called `label` that command `command_id` makes at business time `at` (aware).

    Deterministic: equal arguments give equal ids. Raises ValueError for a naive `at`.
    """
    if at.tzinfo is None:
        message = "business time must be timezone-aware"
        raise ValueError(message)
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    digest = int.from_bytes(hashlib.sha256(command_id.bytes + label.encode()).digest()[:10], "big")
    return UUID(int=milliseconds << 80 | digest & DERIVED_BITS | VERSION_AND_VARIANT)
