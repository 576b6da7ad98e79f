"""One-time codes to answer a questionnaire with, and what is stored of them.

All are HMAC-SHA256 under the service's link key, each with a prefix of its own before the content.
Invariant: without the key neither a code nor a sheet leads to the other.
"""

import base64
import hmac
from typing import Final
from uuid import UUID

from shared.identifiers import named_id

CODE_LENGTH: Final = 12  # 60 bits of base32, which has neither 0 nor 1


def slip_code(key: bytes, district: str, batch_id: UUID, number: int) -> str:
    """The code on one slip of a batch, e.g. "ABCD-EFGH-2345". Ids of two districts may be equal: who knows a key can make the same."""
    digest = hmac.digest(key, b"slip" + district.encode() + b"/" + batch_id.bytes + number.to_bytes(4), "sha256")
    signs = base64.b32encode(digest)[:CODE_LENGTH].decode()
    return "-".join(signs[start : start + 4] for start in range(0, CODE_LENGTH, 4))


def kept_of_code(key: bytes, questionnaire_id: UUID, typed: str) -> str:
    """What is stored of a code; case, spaces and hyphens do not matter. Without the key a slip does not lead to it."""
    return hmac.digest(key, b"kept of a code" + questionnaire_id.bytes + _signs(typed), "sha256").hex()


def sheet_id(key: bytes, command_id: UUID, typed: str) -> UUID:
    """The command id of a sheet: the same for a retry, and no trace of the key that the client chose, which may hold a time."""
    return named_id(hmac.digest(key, b"sheet" + command_id.bytes + _signs(typed), "sha256"))


def _signs(typed: str) -> bytes:
    return typed.replace("-", "").replace(" ", "").upper().encode()
