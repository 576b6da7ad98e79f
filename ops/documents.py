"""Fills the placeholders of a document from a JSON record, so that every figure comes from that record."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path


def fill(document: Path, parts: Mapping[str, str]) -> None:
    """Replace the text between `<!-- name -->` and `<!-- /name -->` for every name. Raises LookupError for a missing placeholder."""
    text = document.read_text()
    for name, content in parts.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = text.partition(begin)
        if end not in rest:
            message = f"{document} has no place for {name}"
            raise LookupError(message)
        text = f"{before}{begin}{content}\n{end}{rest.partition(end)[2]}"
    document.write_text(text)


def table(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """A table in Markdown."""
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in (heads, ["---"] * len(heads), *rows))
