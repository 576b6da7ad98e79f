"""The papers of registration as PDF."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from shared.typesetting import typeset

TEMPLATE: Final = Path(__file__).with_name("papers.typ")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on a sheet; `svg` is a code to check it with, or empty."""

    title: str
    lines: Sequence[tuple[str, str]]
    note: str
    seal: str
    svg: str = ""


def printed_paper(paper: Paper) -> bytes:
    """The sheet as PDF. Call it in a thread."""
    return typeset(TEMPLATE, asdict(paper))
