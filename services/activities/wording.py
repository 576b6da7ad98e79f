"""Lengths of texts in commands. Reasons that concern a person stay short (≤ 200 characters) so that no file on persons can grow in them."""

from typing import Annotated, Final

from pydantic import StringConstraints

from shared.contracts.values import HAS_LINES

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Prose = Annotated[str, HAS_LINES, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

LIST_LIMIT: Final = 20
ADULTS_WITH_MINORS: Final = 2
ROSTER_LIMIT: Final = 500
