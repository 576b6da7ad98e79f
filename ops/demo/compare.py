"""Compares the events of two demo runs: stream by stream, in the order of versions, every attribute and field.

A refactoring must leave them equal. Two runs can be compared only when both used `./guangcai demo --in-order`.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from ops.demo.logs import Envelope, Logs, read_logs
from ops.servers import ServerFailed
from ops.servers.definitions import SERVICES

# Attributes that differ between two runs of the same code, and why.
IGNORED = frozenset(
    {
        "sequence",  # services append to different streams concurrently, so the order among streams varies
        "recordedtime",  # real time at the event log
        "traceparent",  # trace ids are random
    }
)
# Several notices to one recipient are sent as one letter; the first of them is its cause. An attempt has a random command id.
IGNORED_OF_LETTERS = IGNORED | {"id", "correlationid", "causationid"}
LETTERS = frozenset({"NotificationAttempted", "NotificationDelivered", "NotificationDeferred", "NotificationFailed"})

ABSENT = "(absent)"
MOST_SHOWN = 20  # streams
MOST_FIELDS = 8  # per event

Stream = tuple[str, str]  # service, subject


@dataclass(frozen=True, slots=True)
class Difference:
    """The first difference in a stream: the event of A at this version (of B if A has none), and both values of each differing field.

    Fields are named by dotted paths.
    """

    stream: Stream
    version: int
    event: str
    fields: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The common streams of two runs, their differences, and the streams of only one run, counted by category."""

    streams: int
    events: int
    differences: tuple[Difference, ...]
    only_in_a: Counter[str]
    only_in_b: Counter[str]
    renumbered: Counter[str]  # events whose type has another version in B: not a difference by itself, their fields are compared

    @property
    def is_equal(self) -> bool:
        return not (self.differences or self.only_in_a or self.only_in_b)


def main(a: Path, b: Path, console: Console) -> int:
    """Compare the logs in two data directories. Exit code 0 when they hold the same events, otherwise 1. Raises ServerFailed."""
    if a.resolve() == b.resolve():
        raise ServerFailed(f"{a} and {b} are one directory; name two different ones")
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("reading both logs", total=2 * len(SERVICES))
        logs = [read_logs(directory.absolute(), lambda: progress.advance(task)) for directory in (a, b)]
    found = compare(*logs)
    show(found, console)
    return 0 if found.is_equal else 1


def compare(a: Logs, b: Logs) -> Comparison:
    """Compare two logs whose sealed fields have been decrypted. Pure."""
    in_a, in_b = _streams(a), _streams(b)
    common = sorted(in_a.keys() & in_b.keys())
    return Comparison(
        streams=len(common),
        events=sum(len(in_a[stream]) for stream in common),
        differences=tuple(found for stream in common if (found := _first_difference(stream, in_a[stream], in_b[stream]))),
        only_in_a=_categories(in_a.keys() - in_b.keys()),
        only_in_b=_categories(in_b.keys() - in_a.keys()),
        renumbered=Counter(
            f"{one['type']} -> {other['type']}"
            for stream in common
            for one, other in zip(in_a[stream], in_b[stream], strict=False)
            if one["type"] != other["type"] and _name(one) == _name(other)
        ),
    )


def show(found: Comparison, console: Console) -> None:
    """Print that the logs are equal, or the differences."""
    for versions, count in sorted(found.renumbered.items()):
        console.print(f"another version: {count} × {versions}", highlight=False, soft_wrap=True)
    if found.is_equal:
        console.print(f"equal: {found.streams} streams, {found.events} events", highlight=False)
        return
    for side, categories in (("A", found.only_in_a), ("B", found.only_in_b)):
        for category, count in sorted(categories.items()):
            console.print(f"only in {side}: {count} × {category}", highlight=False)
    for difference in found.differences[:MOST_SHOWN]:
        service, subject = difference.stream
        where = f"{service} {subject}, version {difference.version} ({difference.event}):"
        console.print(where, markup=False, highlight=False, soft_wrap=True)
        for field, (in_a, in_b) in list(difference.fields.items())[:MOST_FIELDS]:
            console.print(f"  {field}: A {in_a!r}, B {in_b!r}", markup=False, highlight=False, soft_wrap=True)
        if (more := len(difference.fields) - MOST_FIELDS) > 0:
            console.print(f"  and {more} more fields", highlight=False)
    if (more := len(found.differences) - MOST_SHOWN) > 0:
        console.print(f"and {more} more streams", highlight=False)
    console.print(
        f"different: {len(found.differences)} of {found.streams} common streams; the first difference of each is shown", highlight=False
    )
    console.print("both runs need --in-order and the same --members; otherwise the order of requests differs", highlight=False)


def _streams(logs: Logs) -> dict[Stream, list[Envelope]]:
    streams: dict[Stream, list[Envelope]] = defaultdict(list)
    for service, events in logs.items():
        for event in events:
            streams[service, event["subject"]].append(event)
    for events in streams.values():
        events.sort(key=lambda event: event["streamversion"])
    return streams


def _categories(streams: set[Stream]) -> Counter[str]:
    return Counter(f"{service} {subject.partition('/')[0]}" for service, subject in streams)


def _first_difference(stream: Stream, a: list[Envelope], b: list[Envelope]) -> Difference | None:
    for version, (in_a, in_b) in enumerate(zip_longest(a, b), 1):
        if fields := _fields(in_a, in_b):
            return Difference(stream, version, _name(in_a or in_b), fields)
    return None


def _fields(a: Envelope | None, b: Envelope | None) -> dict[str, tuple[Any, Any]]:
    if a is None or b is None or _name(a) != _name(b):
        types = (a["type"] if a else ABSENT, b["type"] if b else ABSENT)
        return {"type": types}  # a different event: comparing its fields adds nothing
    ignored = (IGNORED_OF_LETTERS if _name(a) in LETTERS else IGNORED) | {"type"}
    both = ({name: value for name, value in event.items() if name not in ignored} for event in (a, b))
    return dict(_walk("", *both))


def _name(event: Envelope) -> str:
    """The name of the event without service and version."""
    return event["type"].split(".")[2]


def _walk(path: str, a: Any, b: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
    if isinstance(a, dict) and isinstance(b, dict):
        for name in sorted(a.keys() | b.keys()):
            yield from _walk(f"{path}.{name}" if path else name, a.get(name, ABSENT), b.get(name, ABSENT))
    elif isinstance(a, list) and isinstance(b, list):
        for place, (in_a, in_b) in enumerate(zip_longest(a, b, fillvalue=ABSENT)):
            yield from _walk(f"{path}[{place}]", in_a, in_b)
    elif a != b or type(a) is not type(b):
        yield path, (a, b)
