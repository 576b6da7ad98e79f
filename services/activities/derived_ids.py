"""Ids that everybody derives alike from names (RFC 9562, version 8), so that the same thing is found again without looking it up."""

import hashlib
from uuid import UUID


def named_id(*parts: bytes) -> UUID:
    """UUIDv8 over SHA-256 of the parts; the first one says what kind of thing it is."""
    digest = hashlib.sha256(b"".join(parts)).digest()
    return UUID(int=int.from_bytes(digest[:16], "big") & ~(0xF << 76) & ~(0x3 << 62) | 0x8 << 76 | 0x2 << 62)
