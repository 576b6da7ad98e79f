"""Printed sheets as PDF responses, and the QR codes on them."""

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import segno
from fastapi import Response

from shared.papers.typesetting import typeset

PDF: Final = "application/pdf"
PRINTED: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {PDF: {}}}}


async def printed_answer(name: str, template: Path, values: Mapping[str, Any]) -> Response:
    """Typeset `template` with `values` and return the PDF, which browsers show as `{name}.pdf`. Raises what `typeset` raises."""
    content = await asyncio.to_thread(typeset, template, values)
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


def qr_code(url: str) -> str:
    """A QR code of `url` as SVG."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4)
    return out.getvalue().decode()
