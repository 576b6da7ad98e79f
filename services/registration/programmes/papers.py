"""Papers as PDF, with the terms and fields of the programme that runs on the day."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import Response

from services.registration.programmes.programme import FORMS
from services.registration.programmes.queries import programme_on
from shared.calendar.local_time import local_day
from shared.http.endpoints import Call
from shared.papers.typesetting import typeset
from shared.texts import text

TEMPLATE: Final = Path(__file__).with_name("papers.typ")
PDF = "application/pdf"
PRINTED: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: {}}}}


@dataclass(frozen=True, slots=True)
class Paper:
    """Title, lines, note and seal of a sheet; `svg` is a code to check it with, or empty."""

    title: str
    lines: Sequence[tuple[str, str]]
    note: str
    seal: str
    svg: str = ""


def printed_paper(paper: Paper) -> bytes:
    """The sheet as PDF. Call it in a thread."""
    return typeset(TEMPLATE, asdict(paper))


async def sheet(call: Call, kind: str, lines: dict[str, str], svg: str = "") -> Response:
    """The sheet in Chinese, with the terms and fields of the programme that runs today."""
    async with call.read() as tx:
        programme = await programme_on(tx, call.district, local_day(call.now))
    vocabulary, forms = ({}, {}) if programme is None else (programme.vocabulary, programme.forms)

    def word(key: str) -> str:
        return vocabulary.get(key) or text("registration", "labels", f"paper_{key}").zh

    shown = [(word(key), lines[key]) for key in forms.get(kind, FORMS[kind])]
    paper = Paper(word(kind), shown, word(f"{kind}_note"), word("seal"), svg)
    content = await asyncio.to_thread(printed_paper, paper)
    return Response(content, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{kind}.pdf"'})
