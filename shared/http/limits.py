"""Limits of what one process accepts: sizes, counts, seconds and rates. The defaults suit a district of some hundred thousand people.

Invariant: refusing a request costs no more than sending it. docs/runbook.md lists the limits for operators.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.values import FIRST_YEAR, LAST_YEAR

KIB: Final = 1024
MIB: Final = 1024 * KIB
FORM_BYTES: Final = 64 * KIB  # the form around an uploaded file
MOST_ERRORS: Final = 50  # errors listed in one answer; if there are more, the answer only says so
MOST_KEYS: Final = 100_000  # callers whose rates a process keeps; about 20 MB

Size = Annotated[int, Field(ge=KIB)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
PerSecond = Annotated[float, Field(ge=0, description="0: no limit")]


class Rate(BaseModel):
    """Requests per second on average, and how many at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_second: PerSecond
    burst: Count


class Limits(BaseModel):
    """Set by GUANGCAI_LIMITS as JSON, or one by one: GUANGCAI_LIMITS__BODY_BYTES=524288, GUANGCAI_LIMITS__ANONYMOUS__PER_SECOND=0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_bytes: Size = Field(default=256 * KIB, description="a request's body, unless its route says otherwise")
    json_depth: Count = Field(default=32, description="nested objects and lists")
    json_members: Count = Field(default=10_000, description="members of all objects and lists of a body together")

    head_bytes: Size = Field(default=32 * KIB, description="request line and headers together")
    head_seconds: Seconds = Field(
        default=10, description="from the first byte of a request, or from the connection, to the end of its headers"
    )
    body_seconds: Seconds = Field(
        default=60, description="from the end of the headers to the end of the body, and for a client to read an answer"
    )
    idle_seconds: Seconds = Field(default=5, description="how long a connection without a request stays open")
    connections: Count = Field(default=1000, description="of one process; fewer when the process has fewer file descriptors")

    principal: Rate = Field(default=Rate(per_second=30, burst=120), description="with an account; our own services are not counted")
    anonymous: Rate = Field(default=Rate(per_second=5, burst=60), description="without an account, per address")
    secret: Rate = Field(default=Rate(per_second=0.5, burst=10), description="without an account, per link, slip or check code")
    probe: Rate = Field(default=Rate(per_second=30, burst=120), description="probes, metrics and documents, per address")

    def without_rates(self) -> Self:
        """The same without rates, for load: benchmarks, demo, fuzzers."""
        lifted = Rate(per_second=0, burst=1)
        return self.model_copy(update={"principal": lifted, "anonymous": lifted, "secret": lifted, "probe": lifted})

    def described(self) -> str:
        """Text for callers, in the OpenAPI document."""
        return (
            f"Bodies have at most {self.body_bytes // KIB} KiB, unless a route takes more (413); JSON has at most {self.json_depth} levels "
            f"and {self.json_members} members (422), request line and headers together {self.head_bytes // KIB} KiB (431). "
            f"Days and times lie between {FIRST_YEAR} and {LAST_YEAR} (422). Too many requests are answered 429 with Retry-After."
        )


class TooManyRequests(Exception):
    """The caller has made too many requests; answered as 429. `retry_after` in whole seconds, at least 1."""

    def __init__(self, retry_after: float) -> None:
        """Rounds up, so that a retry after this time is accepted."""
        super().__init__()
        self.retry_after = max(1, math.ceil(retry_after))


class Buckets:
    """Token buckets by key, each stored as the time at which it is full again (GCRA, ITU-T I.371).

    Own code, because the library `limits` has windows only, reads the wall clock and expires keys in a background task. Here a bucket is
    one number. When there are too many, the least recently used one is dropped, which is always in favour of its caller.
    """

    def __init__(self, rate: Rate, most: int = MOST_KEYS) -> None:
        """All buckets are full."""
        self._interval = 1 / rate.per_second if rate.per_second else 0.0
        self._tolerance = self._interval * (rate.burst - 1)
        self._most = most
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, key: Hashable, now: float) -> None:
        """Take one token; `now` in seconds of a monotonic clock. Raises TooManyRequests."""
        if not self._interval:
            return
        full_at = max(self._full_at.get(key, now), now)
        early = full_at - self._tolerance - now
        if early > 0:
            raise TooManyRequests(early)
        self._full_at[key] = full_at + self._interval
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._most:
            self._full_at.popitem(last=False)
