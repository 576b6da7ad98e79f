"""Numbers that say who somebody is. The log never forgets, so a text that holds one is refused before it is in it."""

import re
from typing import Final

# Mobile telephone and citizen numbers, also written in groups.
_SEPARATORS: Final = re.compile(r"(?<=\d)[\s-]+(?=[\dXx])")  # within a number; a word before it stays apart
_NUMBER_OF_A_PERSON: Final = re.compile(r"(?<![0-9A-Za-z])(?:1[3-9]\d{9}|\d{17}[\dXx])(?![0-9A-Za-z])")


def holds_number_of_a_person(*texts: str) -> bool:
    """Whether one of the texts holds a mobile telephone number or a citizen number."""
    return any(_NUMBER_OF_A_PERSON.search(_SEPARATORS.sub("", text)) for text in texts)
