"""Sheets as PDF, set by typst in an open Chinese font (Noto Sans SC), each in a process of its own that ends with it.

In a service typst would keep 27 MB of fonts and caches for ever, and a sheet is rare. Values are data, never markup: whatever a name or
reason holds is printed as it is.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

WITHIN: Final = 30.0  # seconds; a sheet takes less than one


def typeset(template: Path, values: Mapping[str, Any]) -> bytes:
    """The sheet that `template` makes of `values` (its input "paper", as JSON), as PDF; the same values give the same lines.

    Takes about half a second of one core: call it in a thread. Raises RuntimeError with what typst said, subprocess.TimeoutExpired.
    """
    program = [sys.executable, "-I", __file__, str(template)]
    done = subprocess.run(program, input=json.dumps(values).encode(), capture_output=True, check=False, timeout=WITHIN)  # noqa: S603 - this file
    if done.returncode:
        message = f"{template.name} was not set: {done.stderr.decode(errors='replace')[-500:]}"
        raise RuntimeError(message)
    return done.stdout


def _main(template: str) -> None:
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - in the process that sets, not in the service
    import typst  # noqa: PLC0415 - as above

    fonts = str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)
    paper = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(typst.compile(template, font_paths=[fonts], ignore_system_fonts=True, sys_inputs={"paper": paper}))


if __name__ == "__main__":
    _main(sys.argv[1])
