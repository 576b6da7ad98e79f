"""When a notice may leave: quiet hours from 22:00 to 07:00 China time, digests in the morning, pauses after attempts that failed.

The inbox is never delayed.
"""

from datetime import datetime, time, timedelta
from typing import Final

from shared.calendar.local_time import CHINA
from shared.contracts.notifications import Channel, Timing

QUIET_FROM: Final = time(22)
QUIET_UNTIL: Final = time(7)
# Between attempts: RFC 5321, 4.5.4.1 wants growing pauses and four to five days before a letter is given up.
PAUSES: Final = (
    *(timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)),
    *(timedelta(hours=1), timedelta(hours=2)),
    *[timedelta(hours=4)] * 28,
)
MOST_ATTEMPTS: Final = len(PAUSES) + 1


def due(channel: Channel, timing: Timing, at: datetime) -> datetime:
    """When a notice that became true at `at` (aware) may leave: letters wait for the end of the quiet hours, or for the morning digest."""
    local = at.astimezone(CHINA)
    morning = local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0)
    if channel is Channel.INBOX:
        return at
    if timing is Timing.DAILY_DIGEST or local.time() >= QUIET_FROM:
        return morning + timedelta(days=1)
    return morning if local.time() < QUIET_UNTIL else at


def next_attempt(failed: int, at: datetime) -> datetime:
    """When to try a letter again that did not leave in `failed` attempts, the last at `at`: after a growing pause, never at night."""
    pause = PAUSES[min(max(failed, 1), len(PAUSES)) - 1]
    return due(Channel.LETTER, Timing.IMMEDIATE, at + pause)
