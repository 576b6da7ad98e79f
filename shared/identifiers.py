"""Identifiers are derived, never random: the same command gives the same ids, so a retry cannot create a second thing.

The function behind an existing kind of id never changes; for new kinds use `derive` or `named_id`.
"""

import hashlib
from datetime import datetime
from uuid import UUID, uuid5

VERSION_AND_VARIANT = 0x7 << 76 | 0x2 << 62
FREE_BITS = ~(0xF << 76) & ~(0x3 << 62)
DERIVED_BITS = (1 << 80) - 1 & FREE_BITS


def derive(command_id: UUID, label: str, at: datetime) -> UUID:
    """UUIDv7 (RFC 9562, 5.7) for the thing called `label` that command `command_id` creates at business time `at` (aware).

    48 bits of business time in milliseconds, then bits of SHA-256 over the command id and the label, so equal arguments give equal ids.
    Raises ValueError for a naive `at`.
    """
    if at.tzinfo is None:
        message = "business time must be timezone-aware"
        raise ValueError(message)
    milliseconds = int(at.timestamp() * 1000) & (1 << 48) - 1
    digest = int.from_bytes(hashlib.sha256(command_id.bytes + label.encode()).digest()[:10], "big")
    return UUID(int=milliseconds << 80 | digest & DERIVED_BITS | VERSION_AND_VARIANT)


def named_id(*parts: bytes) -> UUID:
    """UUIDv8 (RFC 9562, 5.8) over SHA-256 of the parts, so that every caller derives the same id without a lookup.

    The first part names the kind of thing.
    """
    digest = hashlib.sha256(b"".join(parts)).digest()
    return UUID(int=int.from_bytes(digest[:16], "big") & FREE_BITS | 0x8 << 76 | 0x2 << 62)


def part_id(whole: UUID, name: str) -> UUID:
    """UUIDv5 (RFC 9562, 5.5) for the part called `name` of a thing, or for something that can follow from it only once."""
    return uuid5(whole, name)


def content_id(content: bytes) -> UUID:
    """The first 16 bytes of SHA-256 over `content`, marked as version 5: for things identified by their content."""
    return UUID(bytes=hashlib.sha256(content).digest()[:16], version=5)
