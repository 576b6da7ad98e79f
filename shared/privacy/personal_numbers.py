"""Numbers that identify a person. The log keeps everything for ever, so a text with such a number is refused before it gets there."""

import re
from typing import Final

# Mobile telephone and citizen numbers, also written in groups; adjacent letters or digits mean that it is something else.
_APART: Final = r"[\s.\-]*"
_MOBILE: Final = rf"(?:\+?86{_APART})?1{_APART}[3-9](?:{_APART}\d){{9}}"
_CITIZEN: Final = rf"[1-9](?:{_APART}\d){{16}}{_APART}[\dXx]"
_NUMBER_OF_A_PERSON: Final = re.compile(rf"(?<![0-9A-Za-z])(?:{_MOBILE}|{_CITIZEN})(?![0-9A-Za-z])")


def holds_number_of_a_person(*texts: str) -> bool:
    """Whether one of the texts contains a mobile telephone number or a citizen number."""
    return any(_NUMBER_OF_A_PERSON.search(text) for text in texts)
