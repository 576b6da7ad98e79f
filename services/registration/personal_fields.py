"""How names, telephone numbers and e-mail addresses are written, in workbooks and in requests."""

import re
import unicodedata
from typing import Final

NAME_LENGTH: Final = 50
PHONE: Final = re.compile(r"1\d{10}|0\d{2,3}-?\d{7,8}")
EMAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


def plain(cell: object) -> str:
    """Text of a cell: full-width signs narrowed (NFKC), no blanks at all, whole numbers without ".0"."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return re.sub(r"[\s\u200b\ufeff]", "", unicodedata.normalize("NFKC", str(cell)))
