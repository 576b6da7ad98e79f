"""The service record certificate as PDF; the same certificate gives the same sheet."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import segno

from shared.typesetting import typeset

TEMPLATE: Final = Path(__file__).with_name("papers.typ")


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
    """The sheet as PDF. Call it in a thread."""
    return typeset(TEMPLATE, asdict(sheet))


def qr_code(url: str) -> str:
    """SVG of a code that leads to `url`."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4)
    return out.getvalue().decode()
