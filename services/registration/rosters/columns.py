"""What offices call the columns of a roster; the words stand in words.toml.

Invariant: a label means one field. `IGNORED` columns are understood, but the system does not keep them.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from services.registration.personal_fields import key

WORDS: Final[Mapping[str, Mapping[str, Sequence[str]]]] = tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
FIELDS: Final = frozenset(WORDS["columns"].keys() - {"ignored"})
EMPTY: Final = frozenset(map(key, WORDS["cells"]["empty"]))
CELL_ERRORS: Final = frozenset(WORDS["cells"]["errors"])
IGNORED: Final = "ignored"
LONGEST_LABEL: Final = 60
_DECORATION: Final = re.compile(r"[*:：·●★☆#、.。,,\"'“”_]|\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|<[^<>]*>")
_SIGNS: Final = re.compile(r"[*:·●★☆#、.。,\"'“”_()\[\]【】<>/|\\-]")


def label_of(cell: object) -> str:
    """A label without blanks, marks and what stands in brackets: `* 身份证号(18位)` → `身份证号`. Empty when it is too long to be one."""
    text = plain_label(cell)
    return _DECORATION.sub("", text) or text


def plain_label(cell: object) -> str:
    """A label in normal form with all it has; empty when it is too long to be one."""
    return "" if cell is None or len(str(cell)) > 4 * LONGEST_LABEL else key(str(cell))[:LONGEST_LABEL]


def _bare(text: str) -> str:
    return _SIGNS.sub("", text)


def _table(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {spelling: field for field, labels in words.items() for label in labels for spelling in (key(label), _bare(key(label)))}


_FIELD_OF: Final = _table(WORDS["columns"])


def field_of(cell: object, mapping: Mapping[str, str]) -> str | None:
    """The field that a label means, `IGNORED` for one that is understood and not kept, None for no label. `mapping`: `label_of` → field."""
    text = plain_label(cell)
    if not text:
        return None
    label = label_of(cell)
    for known in (mapping, _FIELD_OF):
        for spelling in (text, label, _bare(text), _bare(label)):
            if spelling in known:
                return known[spelling]
    return None


def is_empty(text: str) -> bool:
    """Whether a cell says that there is nothing: 无, —, / and the like."""
    return not text or text.casefold() in EMPTY


def is_error(text: str) -> bool:
    """Whether a cell holds the error of a formula: #N/A and the like."""
    return text.upper() in CELL_ERRORS
