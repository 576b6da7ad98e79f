"""Numbers that people read out and type: printed from an id, the same for ever, without a counter that concurrent desks would wait for.

Crockford's base 32 (no I, L, O, U). 50 bits: at a million papers one collision in two thousand districts, and a reservation refuses it.
"""

import hashlib
from typing import Final
from uuid import UUID

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS: Final = 10
CHECK_SIGNS: Final = 8
MISREAD: Final = str.maketrans("OIL", "011")

MEMBER_PREFIX: Final = "DY"  # 党员
CERTIFICATE_PREFIX: Final = "LX"  # 联系证
RECEIPT_PREFIX: Final = "HZ"  # 回执


def printed(prefix: str, identifier: UUID) -> str:
    """E.g. "LX-7K3M9-Q2A4B" for the certificate with this id."""
    return f"{prefix}-{_grouped(hashlib.sha256(prefix.encode() + identifier.bytes).digest())}"


def code_of(secret: bytes) -> str:
    """A code to hand over, from a keyed digest, e.g. "7K3M9-Q2A4B"."""
    return _grouped(secret)


def typed(text: str) -> str:
    """What somebody typed, as it was meant: in capitals, without spaces and hyphens, O for 0 and I or L for 1."""
    return "".join(sign for sign in text.upper().translate(MISREAD) if sign.isalnum())


def typed_number(prefix: str, text: str) -> str:
    """A number that somebody typed, as it is printed."""
    signs = typed(text)
    if len(signs) > SIGNS:  # a number may begin with the letters of its prefix
        signs = signs.removeprefix(prefix)
    return f"{prefix}-{signs[:5]}-{signs[5:]}"


def _grouped(digest: bytes) -> str:
    value = int.from_bytes(digest[:8], "big")
    signs = "".join(ALPHABET[value >> 5 * place & 31] for place in range(SIGNS))
    return f"{signs[:5]}-{signs[5:]}"


def check_signs(certificate_id: UUID) -> str:
    """Eight signs (40 bits) printed beside a certificate's number: who only guesses numbers learns nothing from the public check."""
    value = int.from_bytes(hashlib.sha256(b"check" + certificate_id.bytes).digest()[:8], "big")
    return "".join(ALPHABET[value >> 5 * place & 31] for place in range(CHECK_SIGNS))
