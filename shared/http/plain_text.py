"""Text on one line: no control characters, direction marks, line separators or surrogates."""

import re
from typing import Final

# C0, DEL and C1 with NEL, bidi controls (Unicode UAX 9), line and paragraph separators, surrogates, noncharacters.
NOT_PLAIN: Final = re.compile("[\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff\\ufffe\\uffff]")


def is_plain(text: str) -> bool:
    """Whether `text` can be read on one line."""
    return NOT_PLAIN.search(text) is None
