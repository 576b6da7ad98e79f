"""Sheets as PDF, typeset by typst in an open Chinese font (Noto Sans SC), each in a short-lived child process.

Inside the service typst would hold 27 MB of fonts and caches for ever, and sheets are rare. Values are data, never markup: names and
reasons are printed literally.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

WITHIN: Final = 30.0  # seconds; a sheet takes less than one


def typeset(template: Path, values: Mapping[str, Any]) -> bytes:
    """The sheet of `template` for `values` (its input "paper", as JSON), as PDF; equal values give equal lines.

    Takes about half a second of one core: call it in a thread. Raises RuntimeError with typst's message, or subprocess.TimeoutExpired.
    """
    program = [sys.executable, "-I", __file__, str(template)]
    done = subprocess.run(program, input=json.dumps(values).encode(), capture_output=True, check=False, timeout=WITHIN)  # noqa: S603 - this file
    if done.returncode:
        message = f"{template.name} was not set: {done.stderr.decode(errors='replace')[-500:]}"
        raise RuntimeError(message)
    return done.stdout


def _main(template: str) -> None:
    import pylopdf_fonts_zh_cn  # noqa: PLC0415 - in the child process only, not in the service
    import typst  # noqa: PLC0415 - as above

    fonts = str(Path(pylopdf_fonts_zh_cn.sans_path()).parent)
    paper = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(typst.compile(template, font_paths=[fonts], ignore_system_fonts=True, sys_inputs={"paper": paper}))


if __name__ == "__main__":
    _main(sys.argv[1])
