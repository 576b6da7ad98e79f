"""The service record certificate as PDF, set by typst in an open Chinese font (Noto Sans SC); the same certificate gives the same sheet.

Values are data, never markup: whatever a name or content holds is printed as it is.
"""

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import pylopdf_fonts_zh_cn
import segno
import typst

TEMPLATE: Final = Path(__file__).with_name("papers.typ")
FONTS: Final = Path(pylopdf_fonts_zh_cn.sans_path()).parent


@dataclass(frozen=True, slots=True)
class CertificateSheet:
    """What stands on the sheet; `svg` is the code that leads to the public check."""

    title: str
    lines: Sequence[tuple[str, str]]
    headers: Sequence[str]
    services: Sequence[tuple[str, str, str, str]]
    note: str
    seal: str
    svg: str


def printed_certificate(sheet: CertificateSheet) -> bytes:
    """The sheet as PDF. Takes about a fifth of a second of one core: call it in a thread."""
    return typst.compile(TEMPLATE, font_paths=[FONTS], ignore_system_fonts=True, sys_inputs={"paper": json.dumps(asdict(sheet))})


def qr_code(url: str) -> str:
    """SVG of a code that leads to `url`."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4)
    return out.getvalue().decode()
