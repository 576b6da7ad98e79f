"""What one process takes from one caller: sizes, counts, seconds and rates, with the values for a district of some hundred thousand people.

Invariant: whatever is sent, it is refused before it costs more than it would take to send it. docs/runbook.md says what an operator sees.
"""

import math
from collections import OrderedDict
from collections.abc import Hashable
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field

from shared.time_range import FIRST_YEAR, LAST_YEAR

KIB: Final = 1024
MIB: Final = 1024 * KIB
FORM_BYTES: Final = 64 * KIB  # what a form adds to the file in it
MOST_ERRORS: Final = 50  # fields named in one answer; with more wrong nothing but that is said
MOST_KEYS: Final = 100_000  # callers a process remembers; about 20 MB

Size = Annotated[int, Field(ge=KIB)]
Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]
PerSecond = Annotated[float, Field(ge=0, description="0: no limit")]


class Rate(BaseModel):
    """Requests a second in the long run, and how many may come at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_second: PerSecond
    burst: Count


class Limits(BaseModel):
    """Set by GUANGCAI_LIMITS as JSON, or one by one: GUANGCAI_LIMITS__BODY_BYTES=524288, GUANGCAI_LIMITS__ANONYMOUS__PER_SECOND=0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body_bytes: Size = Field(default=256 * KIB, description="a request's body, unless its route says otherwise")
    json_depth: Count = Field(default=32, description="objects and lists inside each other")
    json_members: Count = Field(default=10_000, description="members of all objects and lists of a body together")

    head_bytes: Size = Field(default=32 * KIB, description="request line and headers together")
    head_seconds: Seconds = Field(
        default=10, description="from the first byte of a request, or from the connection, to the end of its headers"
    )
    body_seconds: Seconds = Field(
        default=60, description="from the end of the headers to the end of the body, and for a client to take an answer"
    )
    idle_seconds: Seconds = Field(default=5, description="how long a connection without a request stays open")
    connections: Count = Field(default=1000, description="of one process; never more than its file descriptors allow")

    principal: Rate = Field(default=Rate(per_second=30, burst=120), description="with an account; services of ours are not counted")
    anonymous: Rate = Field(default=Rate(per_second=5, burst=60), description="without an account, per address")
    secret: Rate = Field(default=Rate(per_second=0.5, burst=10), description="without an account, per link, code or check signs")
    probe: Rate = Field(default=Rate(per_second=30, burst=120), description="probes, metrics and documents, per address")

    def without_rates(self) -> Self:
        """The same with all rates lifted, for whatever drives a service as fast as it can: benchmarks, demonstrations, fuzzers."""
        lifted = Rate(per_second=0, burst=1)
        return self.model_copy(update={"principal": lifted, "anonymous": lifted, "secret": lifted, "probe": lifted})

    def described(self) -> str:
        """For callers, in the OpenAPI document."""
        return (
            f"Bodies have at most {self.body_bytes // KIB} KiB, unless a route takes more (413); JSON has at most {self.json_depth} levels "
            f"and {self.json_members} members (422), request line and headers together {self.head_bytes // KIB} KiB (431). "
            f"Days and moments lie between {FIRST_YEAR} and {LAST_YEAR} (422). Whoever asks too often is answered 429 with Retry-After."
        )


class TooManyRequests(Exception):
    """The caller has used up their share for now; answered as 429. `retry_after` in whole seconds, at least 1."""

    def __init__(self, retry_after: float) -> None:
        """Rounds up: whoever comes back after that time is let in."""
        super().__init__()
        self.retry_after = max(1, math.ceil(retry_after))


class Buckets:
    """Token buckets by key, each kept as the one moment at which it is full again (GCRA, ITU-T I.371).

    Own code: the library `limits` has windows only, reads the wall clock and forgets by a task of its own. Here a bucket costs one number,
    and when there are too many, the one not used for longest is forgotten, which only ever favours its owner.
    """

    def __init__(self, rate: Rate, most: int = MOST_KEYS) -> None:
        """Full buckets for everybody."""
        self._interval = 1 / rate.per_second if rate.per_second else 0.0
        self._tolerance = self._interval * (rate.burst - 1)
        self._most = most
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def take(self, key: Hashable, now: float) -> None:
        """Take one token; `now` in seconds of a clock that never goes back. Raises TooManyRequests."""
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
