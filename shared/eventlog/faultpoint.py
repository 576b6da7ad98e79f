"""Named places where a test may kill this process: `FAULTPOINT=relay.confirmed:3` ends it with SIGKILL at the third pass.

Without the variable `reach` is an empty function.
"""

import os
import signal
from collections.abc import Callable


def _armed(setting: str) -> Callable[[str], None]:
    name, _, number = setting.partition(":")
    left = int(number or 1)

    def reach(point: str) -> None:
        nonlocal left
        if point == name:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return reach


def _unarmed(_point: str) -> None:
    """Production: nothing happens."""


reach: Callable[[str], None] = _armed(os.environ["FAULTPOINT"]) if os.environ.get("FAULTPOINT") else _unarmed
