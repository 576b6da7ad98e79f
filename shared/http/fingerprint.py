"""Tells a retry from another request with the same Idempotency-Key: HMAC-SHA256 of account, route and body under the service's own key.

Invariant: a fingerprint is kept beside events, never in their bytes, and only with a key: a bare hash of a body with a citizen number
could be guessed after erasure.
"""

import hmac
from collections.abc import Sequence
from typing import Final

import orjson
from starlette.types import Scope

BODY: Final = "guangcai.body"  # key in the scope: the bytes of the body, put there by shared/http/door.py
BOUNDARY: Final = b"boundary="


def fingerprint_of(key: bytes, account: Sequence[str], scope: Scope) -> bytes:
    """32 bytes; equal for the same account, method, path, query and body. `account`: district and subject."""
    query = scope["query_string"].decode("latin-1")
    route = orjson.dumps([*account, scope["method"], scope["path"], query])
    return hmac.digest(key, route + b"\n" + canonical(scope.get(BODY, b"")), "sha256")


def canonical(body: bytes) -> bytes:
    """JSON without spaces and with sorted keys, so that a client may write a retry in its own way; anything else as it is."""
    if not body:
        return body
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return body


def without_boundary(form: bytes, content_type: bytes) -> bytes:
    """A multipart form without its boundary, which clients draw anew for every attempt."""
    _, found, boundary = content_type.partition(BOUNDARY)
    boundary = boundary.partition(b";")[0].strip().strip(b'"')
    return form.replace(b"--" + boundary, b"--") if found and boundary else form
