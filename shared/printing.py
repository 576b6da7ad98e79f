"""Answers in the form of paper: a sheet as PDF, and the code on it that leads back to a page."""

import asyncio
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import segno
from fastapi import Response

from shared.typesetting import typeset

PDF: Final = "application/pdf"
PRINTED: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {PDF: {}}}}


async def printed_answer(name: str, template: Path, values: Mapping[str, Any]) -> Response:
    """The sheet that `template` makes of `values`, to be shown by the browser as `{name}.pdf`. Raises as `typeset` does."""
    content = await asyncio.to_thread(typeset, template, values)
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{name}.pdf"'})


def qr_code(url: str) -> str:
    """SVG of a code that leads to `url`."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4)
    return out.getvalue().decode()
