"""Sign-in codes that change every minute, and secret calendar links: both can be checked, and neither is stored.

All are HMAC-SHA256 under the service's link key, each with a prefix of its own before the content; time comes from the caller.
"""

import base64
import hmac
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

STEP: Final = timedelta(minutes=1)
DIGITS: Final = 6
SIGNATURE_LENGTH: Final = 26  # 130 bits of base32


def sign_in_code(key: bytes, district: str, activity_id: UUID, now: datetime) -> str:
    """Six digits that hold for this minute. Ids of two districts may be equal: who knows a key can make the same."""
    digest = hmac.digest(key, b"sign-in" + district.encode() + b"/" + activity_id.bytes + _step(now).to_bytes(8, "big"), "sha256")
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}}"


def is_sign_in_code(key: bytes, district: str, activity_id: UUID, now: datetime, code: str) -> bool:
    """Whether `code` is this minute's or, for slow fingers, the last one's."""
    return any(hmac.compare_digest(sign_in_code(key, district, activity_id, moment), code) for moment in (now, now - STEP))


def holds_until(now: datetime) -> datetime:
    """When the code shown at `now` changes."""
    return datetime.fromtimestamp((_step(now) + 1) * int(STEP.total_seconds()), UTC)


def _step(now: datetime) -> int:
    return int(now.timestamp()) // int(STEP.total_seconds())


def link_token(key: bytes, district: str, link_id: UUID) -> str:
    """The secret part of a calendar link's address."""
    digest = hmac.digest(key, b"calendar" + district.encode() + b"/" + link_id.bytes, "sha256")
    return link_id.hex + base64.b32encode(digest)[:SIGNATURE_LENGTH].decode().lower()


def link_of(key: bytes, district: str, token: str) -> UUID | None:
    """The link that a token belongs to, None for anything that was not made here."""
    try:
        link_id = UUID(token[:32])
    except ValueError:
        return None
    return link_id if hmac.compare_digest(link_token(key, district, link_id).encode(), token.encode()) else None
