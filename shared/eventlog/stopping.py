"""Being told to stop, for tasks that otherwise outlive every failure.

An error on the way out (a rollback on a broken connection, say) takes the place of CancelledError; whoever then waits it out runs for ever.
"""

import asyncio


def raise_if_stopping() -> None:
    """First thing to do about an exception in a loop that runs until it is cancelled."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
