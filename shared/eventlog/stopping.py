"""Cancellation of tasks that otherwise retry after every failure.

An error during cancellation (say, a rollback on a broken connection) replaces CancelledError; a loop that retries after it runs for ever.
"""

import asyncio


def raise_if_stopping() -> None:
    """Raise CancelledError if this task is being cancelled. Call it first in the `except` of a loop that runs until cancelled."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
