"""Which rows below a header are people: told by what stands in their cells, not by how the first one begins.

Invariant: a row with a number, telephone, e-mail or political status of a person is a person's row, whatever else it says.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from services.registration.personal_fields import EMAIL, plain
from services.registration.rosters.columns import WORDS, field_of
from services.registration.rosters.header import Header
from services.registration.rosters.values import POLITICAL
from services.registration.rosters.workbook import Cell, is_filled

SUMS: Final = tuple(WORDS["lines"]["sums"])
SUMS_BEGIN: Final = tuple(WORDS["lines"]["sums_begin"])
NOTES: Final = tuple(WORDS["lines"]["notes"])
LONGEST_NAME: Final = 30  # of one that may stand in a row alone
DIGITS_OF_A_NUMBER: Final = 7
FEWEST_COUNTED: Final = 3
NOTE_MARKS: Final = frozenset(":;。!?,")


def is_person(header: Header, cells: Sequence[Cell]) -> bool:
    """False for empty rows, labels, sums, footnotes, pages and rows that only number the columns."""
    texts = {column: plain(cell) for column, cell in enumerate(cells) if is_filled(cell)}
    if not texts or _numbers_the_columns(texts):
        return False
    fields = {field: texts[column] for field, column in header.columns.items() if column in texts}
    if field_of(fields.get("name"), header.mapping) == "name":  # a line of labels
        return False
    if _identifies(fields):
        return True
    distinct = list(dict.fromkeys(texts.values()))
    if any(_is_sum(text) for text in distinct[:2]):
        return False
    name = fields.get("name", "")
    if len(distinct) == 1:
        return distinct[0] == name and not _is_note(name) and len(name) <= LONGEST_NAME
    if name and not _is_note(name):
        return True
    return len(fields) > 1 and not any(map(_is_note, distinct))


def _identifies(fields: Mapping[str, str]) -> bool:
    numbers = (fields.get("citizen_number", ""), fields.get("phone", ""))
    is_numbered = any(sum(sign.isdigit() for sign in text) >= DIGITS_OF_A_NUMBER and not _is_note(text) for text in numbers)
    status = fields.get("political_status", "")
    is_status = status in POLITICAL and not status.isdigit()  # 1 and 2 are statuses of persons, and counts of sums
    return is_numbered or is_status or EMAIL.fullmatch(fields.get("email", "")[:254]) is not None


def _is_sum(text: str) -> bool:
    return text.strip(":").endswith(SUMS) or text.startswith(SUMS_BEGIN)


def _is_note(text: str) -> bool:
    return text.startswith(NOTES) or bool(NOTE_MARKS & set(text)) or _is_sum(text)


def _numbers_the_columns(texts: Mapping[int, str]) -> bool:
    """A row 1, 2, 3, … (or 一, 二, 三) under the labels, as on printed forms."""
    values = [text.strip("()栏") for text in texts.values()]
    counted = [str(place) for place in range(1, len(values) + 1)]
    return len(values) >= FEWEST_COUNTED and values in (
        counted,
        list("一二三四五六七八九十")[: len(values)],
        list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")[: len(values)],
    )
