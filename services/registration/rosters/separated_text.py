"""Text with separators (csv) → rows. Offices save it in UTF-8, in UTF-8 with a mark, or – Excel and WPS in China – in GB18030.

Invariant: bytes are read in the encoding they are in or refused; a quote that is never closed is named, not read as one long cell.
"""

import codecs
import csv
import io
import re
from typing import Final

from services.registration.rosters.columns import field_of
from shared.decider import DomainError

SEPARATORS: Final = (",", "\t", ";", "|")
LOOKED_AT: Final = 30  # lines in which the separator is looked for
LONGEST_LOOKED_AT: Final = 4_000  # signs of such a line
NOT_TEXT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class RosterEncodingUnknown(DomainError):
    """The encoding of the text cannot be told; save it as CSV UTF-8 or as workbook (.xlsx) and send it again."""


class RosterQuoteNotClosed(DomainError):
    """A quotation mark near line {line} is never closed, so the cells cannot be told apart; correct it or save the table as workbook
    (.xlsx).
    """


def read_separated(content: bytes) -> list[list[object]] | None:
    """The rows of the text; None when the bytes are no text with separators at all."""
    text = _decoded(content)
    if NOT_TEXT.search(text) or text.lstrip().startswith("<"):
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        return [[_as_text(cell) for cell in row] for row in reader]
    except csv.Error:
        raise RosterQuoteNotClosed(line=reader.line_num) from None


def _separator(text: str) -> str:
    """The sign that parts a line into the most labels of columns; without any, the most frequent one."""
    lines = [line[:LONGEST_LOOKED_AT] for line in text[: LOOKED_AT * LONGEST_LOOKED_AT].splitlines()[:LOOKED_AT]]

    def worth(sign: str) -> tuple[int, int]:
        labels = max((sum(field_of(cell.strip('"'), {}) is not None for cell in line.split(sign)) for line in lines), default=0)
        return (labels if labels > 1 else 0), sum(line.count(sign) for line in lines)

    return max(SEPARATORS, key=worth)


def _as_text(cell: str) -> str:
    """The cell without `="…"`, the way in which spreadsheets are made to keep a number as text."""
    return cell.removeprefix('="').removesuffix('"') if cell.startswith('="') and cell.endswith('"') else cell


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif content.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RosterEncodingUnknown
