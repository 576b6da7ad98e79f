"""Compares JSON Schemas: can a reader with one read everything that a writer with the other writes? Covers pydantic's schemas of events.

Readers ignore unknown fields, so a writer may write more fields than a reader requires, never fewer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

Schema = Mapping[str, Any]

# Keyword of a limit, and whether it is an upper limit.
LIMITS = {
    "maximum": True,
    "exclusiveMaximum": True,
    "maxLength": True,
    "maxItems": True,
    "minimum": False,
    "exclusiveMinimum": False,
    "minLength": False,
    "minItems": False,
}
SAME = ("type", "format", "pattern", "const")


@dataclass(frozen=True, slots=True)
class Verdict:
    """BACKWARD: the new class reads old events. FORWARD: the old class reads new events. Each lists the reasons why not."""

    backward: tuple[str, ...]
    forward: tuple[str, ...]

    @property
    def is_full(self) -> bool:
        """Whether old and new readers can each read old and new events: only optional fields were added."""
        return not self.backward and not self.forward

    def __str__(self) -> str:
        lines = ["BACKWARD (new code reads old events): " + ("yes" if not self.backward else "NO")]
        lines += [f"  - {reason}" for reason in self.backward]
        lines += ["FORWARD (old code reads new events): " + ("yes" if not self.forward else "NO")]
        lines += [f"  - {reason}" for reason in self.forward]
        return "\n".join(lines)


def compare(old: Schema, new: Schema) -> Verdict:
    """Verdict on replacing schema `old` by `new`."""
    return Verdict(tuple(objections(new, old)), tuple(objections(old, new)))


def objections(reader: Schema, writer: Schema) -> list[str]:
    """Why `reader` cannot read everything `writer` writes; empty when it can."""
    return list(_Comparison(reader, writer).differences(reader, writer, "data"))


@dataclass(frozen=True, slots=True)
class _Comparison:
    reader_root: Schema
    writer_root: Schema

    def differences(self, reader: Schema, writer: Schema, at: str) -> Iterator[str]:
        reader, writer = _resolve(reader, self.reader_root), _resolve(writer, self.writer_root)
        if "anyOf" in reader or "anyOf" in writer:
            yield from self._alternatives(reader, writer, at)
            return
        if not reader:
            return  # reads anything
        for keyword in SAME:
            if keyword in reader and reader[keyword] != writer.get(keyword):
                yield f"{at}: {keyword} {writer.get(keyword)!r} is not {reader[keyword]!r}"
        yield from _choices(reader, writer, at)
        yield from _limits(reader, writer, at)
        yield from self._fields(reader, writer, at)
        for part in ("items", "additionalProperties"):
            if isinstance(reader.get(part), dict) and isinstance(writer.get(part), dict):
                yield from self.differences(reader[part], writer[part], f"{at}[]")

    def _alternatives(self, reader: Schema, writer: Schema, at: str) -> Iterator[str]:
        readable = [_resolve(each, self.reader_root) for each in reader.get("anyOf", [reader])]
        for each in (_resolve(written, self.writer_root) for written in writer.get("anyOf", [writer])):
            if all(any(self.differences(one, each, at)) for one in readable):
                yield f"{at}: nothing reads {each.get('type', each)!r}"

    def _fields(self, reader: Schema, writer: Schema, at: str) -> Iterator[str]:
        wanted, written = _mapping(reader, "properties"), _mapping(writer, "properties")
        always = set(cast("list[str]", writer.get("required", [])))
        for name in cast("list[str]", reader.get("required", [])):
            if name not in always:
                yield f"{at}.{name}: required, but not always written"
        for name in wanted.keys() & written.keys():
            yield from self.differences(wanted[name], written[name], f"{at}.{name}")


def _choices(reader: Schema, writer: Schema, at: str) -> Iterator[str]:
    if "enum" in reader:
        unknown = [each for each in writer.get("enum", [writer.get("const")]) if each not in reader["enum"]]
        if unknown:
            yield f"{at}: cannot read {unknown}"


def _limits(reader: Schema, writer: Schema, at: str) -> Iterator[str]:
    for keyword, is_upper in LIMITS.items():
        if keyword not in reader:
            continue
        limit, written = reader[keyword], writer.get(keyword)
        if written is None or (written > limit if is_upper else written < limit):
            yield f"{at}: {keyword} {limit} is narrower than {written}"


def _mapping(schema: Schema, key: str) -> Mapping[str, Schema]:
    return cast("Mapping[str, Schema]", schema.get(key, {}))


def _resolve(schema: Schema, root: Schema) -> Schema:
    reference = schema.get("$ref")
    return schema if reference is None else _mapping(root, "$defs")[reference.rpartition("/")[2]]
