"""Certificate of service, bulletin of a month, questionnaire and slips with codes as PDF; the same contents give the same sheet."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import segno

from shared.typesetting import typeset

TEMPLATE: Final = Path(__file__).parent / "certificates" / "certificate.typ"
BULLETIN: Final = Path(__file__).parent / "bulletins" / "bulletin.typ"
ANSWER_SHEET: Final = Path(__file__).parent / "questionnaires" / "answer_sheet.typ"
SLIPS: Final = Path(__file__).parent / "questionnaires" / "slips.typ"


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


@dataclass(frozen=True, slots=True)
class BulletinSheet:
    """What stands on the sheet, all of it in words; `by`: whose bulletin it is."""

    title: str
    by: str
    summary: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    outcomes_title: str
    outcomes: Sequence[Sequence[str]]
    names_title: str
    names: Sequence[str]
    note: str


def printed_bulletin(sheet: BulletinSheet) -> bytes:
    """The sheet as PDF. Call it in a thread."""
    return typeset(BULLETIN, asdict(sheet))


@dataclass(frozen=True, slots=True)
class AnswerSheet:
    """What stands on a questionnaire on paper; `code` is the word beside the place for it, `questions` have their options."""

    title: str
    last_day: str
    note: str
    code: str
    questions: Sequence[tuple[str, Sequence[str]]]


def printed_answer_sheet(sheet: AnswerSheet) -> bytes:
    """The sheet as PDF. Call it in a thread."""
    return typeset(ANSWER_SHEET, asdict(sheet))


@dataclass(frozen=True, slots=True)
class Slips:
    """What stands on the slips of a batch: on each the same words, and a code with the picture that leads to the questions."""

    title: str
    last_day: str
    note: str
    slips: Sequence[tuple[str, str]]


def printed_slips(slips: Slips) -> bytes:
    """The slips as PDF. Call it in a thread."""
    return typeset(SLIPS, asdict(slips))


def qr_code(url: str) -> str:
    """SVG of a code that leads to `url`."""
    out = io.BytesIO()
    segno.make(url, error="m").save(out, kind="svg", scale=4)
    return out.getvalue().decode()
