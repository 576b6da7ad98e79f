"""The papers of registration as PDF, set by typst in an open Chinese font (Noto Sans SC); the same paper gives the same lines.

Values are data, never markup: whatever a name or reason holds is printed as it is.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pylopdf_fonts_zh_cn
import typst

TEMPLATE: Final = Path(__file__).with_name("papers.typ")
FONTS: Final = Path(pylopdf_fonts_zh_cn.sans_path()).parent


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a sheet; `svg` is a code to check it with, or empty."""

    title: str
    lines: Sequence[tuple[str, str]]
    note: str
    seal: str
    svg: str = ""


def printed_paper(paper: Paper) -> bytes:
    """The sheet as PDF. Takes about a fifth of a second of one core: call it in a thread."""
    return typst.compile(TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"paper": json.dumps(asdict(paper))})
